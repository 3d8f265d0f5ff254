/**
 * Unlock slots: each way to unlock yields a seed that opens the keyring and a login key that signs in. Both are derived, so that one touch or one
 * password does both and the server sees neither.
 */
import type { AccountSecret } from './account-secret';
import { derive, makeRandom, sha256, utf8, type Bytes } from './bytes';
import { Malformed } from './errors/files';
import { deriveRecipient } from './hybrid';
import { kitSeedOf, type Kit } from './kit';
import { loginMessage, type LoginChallenge } from './login';
import { SigningKey } from './signing';

/** `recovery`: practice recovery, to which the person agreed; no device signs in with it. */
export type SlotKind = 'passkey' | 'password' | 'kit' | 'link' | 'recovery';

/** The same as in stretch.ts, which is loaded later. */
const PASSWORD_SALT_BYTES = 16;

/** Friends of this class, for the keyring only: not exported by index.ts. */
export let slotSeedOf: (slot: UnlockSlot) => Bytes;
/** The recipient opens nothing, yet stays inside the keyring: a server that knew it could serve a keyring of its own making. */
export let slotRecipientOf: (slot: UnlockSlot) => string;

export class UnlockSlot {
  readonly #seed: Bytes;
  readonly #login: SigningKey;
  readonly #recipient: string;
  readonly kind: SlotKind;

  static {
    slotSeedOf = (slot) => slot.#seed;
    slotRecipientOf = (slot) => slot.#recipient;
  }

  private constructor(kind: SlotKind, seed: Bytes, login: SigningKey, recipient: string) {
    this.kind = kind;
    this.#seed = seed;
    this.#login = login;
    this.#recipient = recipient;
  }

  static async fromSeeds(kind: SlotKind, seed: Bytes, loginSeed: Bytes): Promise<UnlockSlot> {
    return new UnlockSlot(kind, seed, await SigningKey.fromSeed(loginSeed), await deriveRecipient(seed));
  }

  /** The public half of the login key, base64url: what the server keeps. */
  get loginKey(): string {
    return this.#login.publicKey;
  }

  /** Signs a sign-in challenge. */
  async signLogin(challenge: LoginChallenge): Promise<string> {
    return this.#login.sign(loginMessage(challenge));
  }
}

/** The one fixed input of the passkey's PRF: one for all, so that sign-in without a user name works. */
export function derivePasskeyInput(): Promise<Bytes> {
  return sha256(utf8('alcove/v1/prf-input'));
}

/** The slot of a passkey, from its 32-byte PRF output. The caller forgets that output at once and never sends it. */
export async function derivePasskeySlot(prf: Bytes, person: string): Promise<UnlockSlot> {
  if (prf.length !== 32) throw new Malformed('passkey result');
  return UnlockSlot.fromSeeds('passkey', await derive(prf, `alcove/v1/slot-prf ${person}`), await derive(prf, `alcove/v1/login-prf ${person}`));
}

export function makePasswordSalt(): Bytes {
  return makeRandom(PASSWORD_SALT_BYTES);
}

/** In this thread, for programs without a window. Loaded when it is needed: a window stretches in a worker. */
async function stretchHere(password: string, salt: Bytes): Promise<Bytes> {
  return (await import('./stretch')).stretchPassword(password, salt);
}

/** The slot of a password. Stretching takes about half a second: `stretch` may do it in a worker (see stretch-worker.ts). */
export async function derivePasswordSlot(password: string, salt: Bytes, account: AccountSecret, person: string, stretch = stretchHere): Promise<UnlockSlot> {
  const mk = await account.mix(await stretch(password, salt), person);
  return UnlockSlot.fromSeeds('password', await derive(mk, 'alcove/v1/slot-password'), await derive(mk, 'alcove/v1/login-password'));
}

/** The slot of a personal kit. Its seed is the kit itself, so that the printed line opens the keyring with the stock age tool. */
export async function deriveKitSlot(kit: Kit): Promise<UnlockSlot> {
  const seed = kitSeedOf(kit);
  return UnlockSlot.fromSeeds('kit', seed, await derive(seed, 'alcove/v1/login-kit'));
}

/** The short-lived slot that links a new device: the old device shows the secret, the new one scans it. */
export async function deriveLinkSlot(secret: Bytes): Promise<UnlockSlot> {
  if (secret.length !== 32) throw new Malformed('link');
  return UnlockSlot.fromSeeds('link', await derive(secret, 'alcove/v1/slot-link'), await derive(secret, 'alcove/v1/login-link'));
}
