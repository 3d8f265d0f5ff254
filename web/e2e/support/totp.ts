/** Codes of an authenticator app (RFC 6238: SHA-1, 30 seconds, six digits), as a person reads them from a phone. */
import { createHmac } from 'node:crypto';
import type { Page } from '@playwright/test';
import { expect } from './world';

/** What a person's phone and paper hold. */
export interface App {
  secret: string;
  recovery: string[];
}

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

/** Sets up an authenticator app where one is offered; gives its secret and the recovery codes, and goes on. */
export async function setUpTotp(page: Page): Promise<App> {
  await page.getByText('No camera? Type this instead').click();
  const secret = ((await page.locator('.secret').textContent()) ?? '').replace(/\s/g, '');
  // The step before, so that the present one is still good for signing in.
  await page.getByLabel('Code', { exact: true }).fill(totp(secret, -1));
  await expect(page.getByRole('heading', { name: 'Recovery codes' })).toBeVisible();
  const recovery = await page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').allTextContents();
  await page.getByLabel('I kept them in a safe place').check();
  await page.getByRole('button', { name: 'Go on' }).click();
  return { secret, recovery };
}
