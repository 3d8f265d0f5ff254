/**
 * Bytes and their text forms, hashing and key derivation by WebCrypto. Knows nothing of keys' meaning.
 */
import { base64urlnopad } from '@scure/base';
import { Malformed } from './errors/files';

/** Bytes that WebCrypto accepts: never a view of shared memory. */
export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
// A byte order mark is content, and broken UTF-8 is an error: what was signed is exactly what is read.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Narrows bytes of a library to ours; copies only a view of shared memory. */
export function ownBytes(bytes: Uint8Array): Bytes {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Bytes) : new Uint8Array(bytes);
}

export function utf8(text: string): Bytes {
  return encoder.encode(text);
}

/** @throws {@link Malformed} where the bytes are not UTF-8. */
export function utf8Text(bytes: Uint8Array, what: string): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new Malformed(what);
  }
}

export function b64u(bytes: Uint8Array): string {
  return base64urlnopad.encode(bytes);
}

/** Strict base64url without padding; the length, where given, is part of the format. @throws {@link Malformed} */
export function fromB64u(text: string, what: string, length?: number): Bytes {
  let bytes: Bytes;
  try {
    bytes = ownBytes(base64urlnopad.decode(text));
  } catch {
    throw new Malformed(what);
  }
  if (length !== undefined && bytes.length !== length) throw new Malformed(what);
  return bytes;
}

export function concat(...parts: Uint8Array[]): Bytes {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Compares without telling by time where the first difference is. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] as number);
  return difference === 0;
}

/** The text form of {@link equalBytes}, for hashes and keys written as base64url. */
export function equalText(a: string, b: string): boolean {
  return equalBytes(utf8(a), utf8(b));
}

export function makeRandom(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}

export async function sha256(...parts: Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', concat(...parts)));
}

/** A key that WebCrypto will use for HKDF and never hand out again. */
export async function importHkdf(ikm: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', ikm, 'HKDF', false, ['deriveBits']);
}

/** HKDF-SHA256 to 32 bytes (RFC 5869). */
export async function deriveFrom(key: CryptoKey, info: string, salt: Bytes = new Uint8Array(0)): Promise<Bytes> {
  const bits = await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info: utf8(info) }, key, 256);
  return new Uint8Array(bits);
}

export async function derive(ikm: Bytes, info: string, salt?: Bytes): Promise<Bytes> {
  return deriveFrom(await importHkdf(ikm), info, salt);
}
