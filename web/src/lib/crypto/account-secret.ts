/**
 * The account secret: 256 random bits per person. It enters every password derivation, so that a stolen database gives nothing to guess at.
 * A browser keeps it as a key that WebCrypto uses and never hands out.
 */
import { deriveFrom, importHkdf, makeRandom, type Bytes } from './bytes';
import { Malformed } from './errors/files';

/** The raw form lives only inside the keyring. */
export function makeAccountSecretBytes(): Bytes {
  return makeRandom(32);
}

export class AccountSecret {
  readonly #key: CryptoKey;

  private constructor(key: CryptoKey) {
    this.#key = key;
  }

  static async fromBytes(secret: Bytes): Promise<AccountSecret> {
    if (secret.length !== 32) throw new Malformed('account secret');
    return new AccountSecret(await importHkdf(secret));
  }

  /** From what {@link forStorage} gave. An extractable key is refused: a script could read it out of the database. */
  static fromStorage(stored: unknown): AccountSecret {
    if (!(stored instanceof CryptoKey) || stored.extractable || stored.algorithm.name !== 'HKDF') throw new Malformed('stored account secret');
    return new AccountSecret(stored);
  }

  /** A non-extractable key that IndexedDB stores by structured clone. It may be evicted; kit or link bring it back. */
  forStorage(): CryptoKey {
    return this.#key;
  }

  /** The password's master key: HKDF of the account secret, salted with the stretched password. */
  async mix(stretched: Bytes, person: string): Promise<Bytes> {
    return deriveFrom(this.#key, `alcove/v1/mk ${person}`, stretched);
  }
}
