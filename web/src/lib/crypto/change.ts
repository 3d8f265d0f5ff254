/**
 * A change of a space as one atomic request: roster entries and all grants that follow from them. The server appends by compare-and-swap on the
 * head; whoever loses the race throws the change away, secret and all, fetches, and makes a new one.
 */
import { deriveCommitment, makeEpochSecret, spaceKeysFrom, type SpaceKeys } from './epoch';
import { makeGrant, type MemberGrant } from './grant';
import type { Fields } from './json';
import { signerOf, type UnlockedKeyring } from './keyring';
import { extendRoster, stateOf, type Roster } from './roster';
import { currentEpoch, hasEnded, type Member } from './roster-state';
import { hashStatement, signStatement, type SignedKind } from './signed';
import type { SigningKey } from './signing';
import { timeText } from './time';

export interface SpaceChange {
  readonly space: string;
  /** The head that the server must still have; null for a new space. */
  readonly expectedHead: string | null;
  readonly entries: readonly string[];
  readonly grants: readonly MemberGrant[];
  /** Roster and keys as they are once the server has accepted. Not before. */
  readonly roster: Roster;
  readonly keys: SpaceKeys;
}

/** Highest sequence number per device in the epoch that is to be closed. */
export type LastSeqs = Readonly<Record<string, number>>;

/** Collects entries, chained to the roster and to each other. */
export class Drafting {
  readonly #roster: Roster;
  readonly #keyring: UnlockedKeyring;
  readonly #at: Date | undefined;
  readonly #entries: string[] = [];
  #prev: string;
  #keys: SpaceKeys;
  #epoch: { n: number; commit: string };

  constructor(keyring: UnlockedKeyring, roster: Roster, keys: SpaceKeys, at?: Date) {
    this.#keyring = keyring;
    this.#roster = roster;
    this.#at = at;
    this.#prev = roster.head;
    this.#keys = keys;
    this.#epoch = currentEpoch(stateOf(roster));
  }

  get epoch(): number {
    return this.#epoch.n;
  }

  async add(fields: Fields, kind: SignedKind = 'roster', signer: SigningKey = signerOf(this.#keyring)): Promise<void> {
    const n = this.#roster.size + this.#entries.length;
    const chain = { v: 1, op: fields.op, space: this.#roster.space, n, prev: this.#prev, by: this.#keyring.person, ts: timeText(this.#at) };
    const text = await signStatement(kind, { ...chain, ...fields }, signer);
    this.#entries.push(text);
    this.#prev = await hashStatement(text);
  }

  /** A new epoch with a fresh secret. */
  async addEpoch(last: LastSeqs): Promise<void> {
    const n = this.#epoch.n + 1;
    const secret = makeEpochSecret();
    const commit = await deriveCommitment(this.#roster.space, n, secret);
    await this.add({ op: 'epoch', epoch: { n, prev: this.#epoch.commit, commit, last } });
    this.#epoch = { n, commit };
    this.#keys = this.#keys.with(spaceKeysFrom(this.#roster.space, [[n, secret]]));
  }

  /** The roster and keys as they would be; refused here where the rules refuse, before anything is sent. */
  async result(): Promise<{ roster: Roster; keys: SpaceKeys }> {
    return { roster: await extendRoster(this.#roster, this.#entries), keys: this.#keys };
  }

  /** The change, with one grant for each member for whom `epochsFor` names epochs. Whose place has ended gets no more keys. */
  async finish(epochsFor: (member: Member) => readonly number[]): Promise<SpaceChange> {
    const { roster, keys } = await this.result();
    const grants: MemberGrant[] = [];
    for (const to of roster.members.filter((member) => !hasEnded(member, timeText(this.#at)))) {
      const epochs = epochsFor(to);
      if (epochs.length > 0) grants.push(await makeGrant(this.#keyring, keys, { roster, to, epochs, at: this.#at }));
    }
    return { space: roster.space, expectedHead: this.#roster.head, entries: this.#entries, grants, roster, keys };
  }
}
