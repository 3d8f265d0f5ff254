/**
 * Typed ids: a prefix, `_`, and a UUIDv7 in 26 lower-case Crockford base32 characters (TypeID). Ids are names, never secrets.
 */
import { makeRandom, type Bytes } from './bytes';
import { BadId } from './errors/files';

export type IdPrefix = 'per' | 'cli' | 'inv' | 'rec' | 'fil' | 'dev' | 'slt' | 'ses' | 'cha' | 'ins';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const SPACE = /^spc_[A-Za-z0-9_-]{43}$/;

/** A UUIDv7 of this instant (RFC 9562 5.7): 48 bits of milliseconds, then random bits. */
function makeUuid7(now_ms: number): Bytes {
  const bytes = makeRandom(16);
  for (let i = 0, left = now_ms; i < 6; i++) {
    bytes[5 - i] = left % 256;
    left = Math.floor(left / 256);
  }
  bytes[6] = 0x70 | ((bytes[6] as number) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] as number) & 0x3f);
  return bytes;
}

/** 128 bits as 26 characters of 5 bits, the first two bits zero. */
export function idText(prefix: IdPrefix, uuid: Uint8Array): string {
  let value = 0n;
  for (const byte of uuid) value = (value << 8n) | BigInt(byte);
  let text = '';
  for (let i = 0; i < 26; i++) {
    text = ALPHABET.charAt(Number(value & 31n)) + text;
    value >>= 5n;
  }
  return `${prefix}_${text}`;
}

export function makeId(prefix: IdPrefix, now_ms = Date.now()): string {
  return idText(prefix, makeUuid7(now_ms));
}

/** Whether this is an id of that kind. A first character above 7 would need 130 bits. */
export function isId(prefix: IdPrefix, text: unknown): text is string {
  return typeof text === 'string' && new RegExp(`^${prefix}_[0-7][${ALPHABET}]{25}$`).test(text);
}

export function isSpaceId(text: unknown): text is string {
  return typeof text === 'string' && SPACE.test(text);
}

/** @throws {@link BadId} */
export function requireId(prefix: IdPrefix, text: unknown): string {
  if (!isId(prefix, text)) throw new BadId(prefix);
  return text;
}
