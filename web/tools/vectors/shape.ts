/** The one shape of a vector, and the fixed people in them. */
import { b64u } from '../../src/lib/crypto/bytes';
import { idText, type IdPrefix } from '../../src/lib/crypto/ids';
import { UnlockedKeyring } from '../../src/lib/crypto/keyring';

/** Values are text, numbers, lists or objects of these; bytes are hex where the name ends in `_hex`, else base64url. */
export interface Vector {
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

export const AT = new Date('2026-11-24T10:00:00.000Z');

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** A seed that a reader can type. */
export function fill(byte: number, length = 32): Uint8Array<ArrayBuffer> {
  return new Uint8Array(length).fill(byte);
}

export function fixedId(prefix: IdPrefix, byte: number): string {
  return idText(prefix, fill(byte, 16));
}

/** A person whose seeds are all one byte: `10n` for the identity, `10n + 1` for signing, `10n + 2` for the account. */
export async function fixedPerson(n: number): Promise<UnlockedKeyring> {
  const contents = { identitySeed: fill(10 * n), signSeed: fill(10 * n + 1), account: fill(10 * n + 2), slots: [], pins: new Map<string, string>() };
  return UnlockedKeyring.fromContents(fixedId('per', n), contents, 0);
}

export function facts(keyring: UnlockedKeyring, n: number): Readonly<Record<string, unknown>> {
  return { ...keyring.keys, key_hash: keyring.keyHash, identity_seed: b64u(fill(10 * n)), sign_seed: b64u(fill(10 * n + 1)) };
}
