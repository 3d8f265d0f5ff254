/**
 * Epoch secrets: 256 random bits each, announced by a commitment in the roster, so that nobody can be given another key than everybody else.
 */
import { b64u, concat, equalText, makeRandom, sha256, utf8, type Bytes } from './bytes';
import { EpochNotGranted, RosterOfAnotherSpace, WrongEpochSecret } from './errors/spaces';
import type { Epoch } from './roster-state';

/** SHA-256("alcove/v1/epoch\0" ‖ space ‖ "\0" ‖ n as 8 bytes big-endian ‖ secret). In genesis the nonce's text stands for the space. */
export async function deriveCommitment(space: string, n: number, secret: Bytes): Promise<string> {
  const count = new Uint8Array(8);
  new DataView(count.buffer).setBigUint64(0, BigInt(n));
  return b64u(await sha256(utf8('alcove/v1/epoch\0'), concat(utf8(`${space}\0`), count, secret)));
}

export function makeEpochSecret(): Bytes {
  return makeRandom(32);
}

/** What the commitments of a space are made over: known once its roster is verified. */
export interface Commitments {
  readonly space: string;
  readonly nonce: string;
  readonly epochs: readonly Epoch[];
}

/** @throws {@link WrongEpochSecret} */
export async function expectCommitted({ space, nonce, epochs }: Commitments, n: number, secret: Bytes): Promise<void> {
  const epoch = epochs[n - 1];
  const made = await deriveCommitment(n === 1 ? nonce : space, n, secret);
  if (!epoch || !equalText(epoch.commit, made)) throw new WrongEpochSecret(n);
}

/** Friends of the class, for this folder only: not exported by index.ts. */
export let epochSecretOf: (keys: SpaceKeys, n: number) => Bytes;
export let secretsOf: (keys: SpaceKeys) => [number, Bytes][];
/** The caller has checked every commitment. */
export let spaceKeysFrom: (space: string, secrets: Iterable<[number, Bytes]>) => SpaceKeys;

/** The epoch secrets that a person holds for one space. */
export class SpaceKeys {
  readonly #secrets: Map<number, Bytes>;
  readonly space: string;

  static {
    epochSecretOf = (keys, n) => {
      const secret = keys.#secrets.get(n);
      if (!secret) throw new EpochNotGranted(n);
      return secret;
    };
    secretsOf = (keys) => [...keys.#secrets];
    spaceKeysFrom = (space, secrets) => new SpaceKeys(space, new Map(secrets));
  }

  private constructor(space: string, secrets: Map<number, Bytes>) {
    this.space = space;
    this.#secrets = secrets;
  }

  /** The epochs that can be opened, ascending. */
  get epochs(): number[] {
    return [...this.#secrets.keys()].sort((a, b) => a - b);
  }

  has(n: number): boolean {
    return this.#secrets.has(n);
  }

  /** These keys and those together. */
  with(more: SpaceKeys): SpaceKeys {
    if (more.space !== this.space) throw new RosterOfAnotherSpace();
    return new SpaceKeys(this.space, new Map([...this.#secrets, ...more.#secrets]));
  }

  /** Wipes the secrets; every use afterwards says that the epoch was not granted. */
  lock(): void {
    for (const secret of this.#secrets.values()) secret.fill(0);
    this.#secrets.clear();
  }
}
