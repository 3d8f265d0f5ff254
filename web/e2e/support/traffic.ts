/**
 * Watches everything that a page sends, and the PRF outputs that its authenticator gives, and proves that the one
 * never holds the other, in any form that a mistake would give it.
 */
import { expect, type BrowserContext } from '@playwright/test';

export interface Traffic {
  /** Every request body, as bytes. */
  bodies: Buffer[];
  /** Every address asked for. */
  addresses: string[];
  /** Every PRF output. */
  secrets: Buffer[];
}

/** Watches the pages of a context; call it before its first page opens. */
export async function watchTraffic(context: BrowserContext): Promise<Traffic> {
  const traffic: Traffic = { bodies: [], addresses: [], secrets: [] };
  await context.exposeBinding('reportPrf', (_, bytes: number[]) => void traffic.secrets.push(Buffer.from(bytes)));
  await context.addInitScript(reportResults);
  context.on('request', (request) => {
    traffic.addresses.push(request.url());
    const body = request.postDataBuffer();
    if (body) traffic.bodies.push(body);
  });
  return traffic;
}

/** Runs inside the page: tells of every PRF output before the product sees it. */
function reportResults(): void {
  // Blank pages have no passkeys.
  if (typeof PublicKeyCredential === 'undefined') return;
  const report = (globalThis as unknown as { reportPrf(bytes: number[]): void }).reportPrf;
  const original = PublicKeyCredential.prototype.getClientExtensionResults;
  PublicKeyCredential.prototype.getClientExtensionResults = function results(this: PublicKeyCredential) {
    const found = original.call(this);
    const first = found.prf?.results?.first;
    if (first) report([...new Uint8Array(first as ArrayBuffer)]);
    return found;
  };
}

/** Expects that no PRF output left the page, and that no request named one. */
export function expectNoSecretSent(traffic: Traffic, secretsMin = 1): void {
  expect(traffic.secrets.length, 'PRF outputs seen').toBeGreaterThanOrEqual(secretsMin);
  expect(traffic.bodies.length, 'request bodies seen').toBeGreaterThan(0);
  for (const secret of traffic.secrets) {
    for (const form of forms(secret)) {
      expect(traffic.bodies.some((body) => body.includes(form)), `PRF output sent as ${form.toString('latin1').slice(0, 8)}…`).toBe(false);
    }
  }
  expect(traffic.bodies.some((body) => body.includes('"prf"')), 'a body names prf').toBe(false);
}

/** Expects that the page asked nobody but the practice. */
export function expectNoForeignRequest(traffic: Traffic, origin: string): void {
  const foreign = traffic.addresses.filter((address) => !/^(data|blob):/.test(address) && new URL(address).origin !== origin);
  expect(foreign, 'requests to others').toEqual([]);
}

/** The forms in which 32 bytes could slip into a body. */
function forms(secret: Buffer): Buffer[] {
  const base64 = secret.toString('base64').replace(/=+$/, '');
  const texts = [base64, secret.toString('base64url'), secret.toString('hex'), secret.toString('hex').toUpperCase(), [...secret].join(',')];
  return [secret, ...texts.map((text) => Buffer.from(text))];
}

