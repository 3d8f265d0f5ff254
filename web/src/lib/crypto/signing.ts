/**
 * Ed25519 (RFC 8032) by WebCrypto. The private half is a non-extractable key in a private field: it can sign, it cannot be read.
 */
import { b64u, concat, fromB64u, type Bytes } from './bytes';
import { LowOrderPoint, Malformed } from './errors/files';
import { isLowEd25519 } from './points';

// PKCS #8 frame of a 32-byte Ed25519 seed (RFC 8410 section 7): WebCrypto imports private keys in no rawer form.
const PKCS8 = Uint8Array.from([0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20]);

export class SigningKey {
  readonly #key: CryptoKey;
  /** The public half, base64url. */
  readonly publicKey: string;

  private constructor(key: CryptoKey, publicKey: string) {
    this.#key = key;
    this.publicKey = publicKey;
  }

  /** The key of a 32-byte seed. The seed stays the caller's to keep or wipe. */
  static async fromSeed(seed: Bytes): Promise<SigningKey> {
    if (seed.length !== 32) throw new Malformed('signing seed');
    const pkcs8 = concat(PKCS8, seed);
    // WebCrypto gives the public half only through an extractable twin, which lives for these two lines.
    const twin = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign']);
    const { x } = await crypto.subtle.exportKey('jwk', twin);
    const key = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']);
    pkcs8.fill(0);
    return new SigningKey(key, x as string);
  }

  async sign(message: Bytes): Promise<string> {
    return b64u(new Uint8Array(await crypto.subtle.sign('Ed25519', this.#key, message)));
  }
}

const imported = new Map<string, Promise<CryptoKey>>();
const IMPORTED_MAX = 512;

/** Verification keys are imported once: opening 500 records would else import one key 500 times. */
function importPublic(publicKey: string): Promise<CryptoKey> {
  const known = imported.get(publicKey);
  if (known) return known;
  const bytes = requireSigningPublic(publicKey);
  const key = crypto.subtle.importKey('raw', bytes, 'Ed25519', true, ['verify']);
  if (imported.size >= IMPORTED_MAX) imported.clear();
  imported.set(publicKey, key);
  return key;
}

/**
 * The bytes of a public signing key. Small-order keys are refused: under them one signature is valid for many messages.
 * @throws {@link Malformed} @throws {@link LowOrderPoint}
 */
export function requireSigningPublic(publicKey: string): Bytes {
  const bytes = fromB64u(publicKey, 'signing key', 32);
  if (isLowEd25519(bytes)) throw new LowOrderPoint();
  return bytes;
}

/** Whether the signature fits. A malformed signature does not fit; a malformed key throws. */
export async function isSignedBy(publicKey: string, message: Bytes, signature: string): Promise<boolean> {
  const key = await importPublic(publicKey);
  let bytes: Bytes;
  try {
    bytes = fromB64u(signature, 'signature', 64);
  } catch {
    return false;
  }
  return crypto.subtle.verify('Ed25519', key, bytes, message);
}
