/** Codes of an authenticator app (RFC 6238: SHA-1, 30 seconds, six digits), as a person reads them from a phone. */
import { createHmac } from 'node:crypto';

const step_s = 30;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function bytesOf(secret: string): Buffer {
  const bits = [...secret.replace(/\s/g, '')].map((sign) => alphabet.indexOf(sign).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}

/** The code of a moment; `ahead` counts steps from now, and the practice takes one either way. */
export function totp(secret: string, ahead = 0, now_ms = Date.now()): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(now_ms / 1000 / step_s) + ahead));
  const hash = createHmac('sha1', bytesOf(secret)).update(counter).digest();
  const number = hash.readUInt32BE((hash.at(-1) as number) & 0xf) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** Tries the codes that the practice takes now, since each counts once; then waits for the next. */
export async function withCode<T>(secret: string, give: (code: string) => Promise<T>): Promise<T> {
  for (const ahead of [-1, 0, 1]) {
    try {
      return await give(totp(secret, ahead));
    } catch (error) {
      if ((error as { code?: string }).code !== 'second-factor-failed') throw error;
    }
  }
  await new Promise((resolve) => setTimeout(resolve, step_s * 1_000));
  return give(totp(secret, 1));
}
