/**
 * The roster of a space: who is in it, verified entry by entry from its founding. "Who can read this" is drawn from here, never from a server's list.
 */
import { equalText } from './bytes';
import {
  EpochClosedEarly,
  OwnKeysSwapped,
  RosterBadSignature,
  RosterCutShort,
  RosterForked,
  RosterNotAMember,
  RosterOfAnotherSpace,
  RosterRolledBack,
  RosterUnknownRole,
} from './errors/spaces';
import { deriveKeyHash, type PersonKeys } from './identity';
import { readEntry, type RosterEntry, type SpaceKind } from './roster-entry';
import { applyEntry, requireOpenInvite } from './roster-rules';
import { currentEpoch, hasEnded, mayIn, memberAt, memberNow, membersNow, type Epoch, type Invite, type Member, type RosterState } from './roster-state';
import { timeText } from './time';

/** A friend of the class, for this folder only: not exported by index.ts. */
export let stateOf: (roster: Roster) => RosterState;

/** A verified roster. There is no way to make one but verification. */
export class Roster {
  readonly #state: RosterState;

  static {
    stateOf = (roster) => roster.#state;
  }

  private constructor(state: RosterState) {
    this.#state = state;
  }

  /** @see verifyRoster */
  static async verified(entries: readonly string[], before: Roster | null): Promise<Roster> {
    const { state, rest } = before === null ? await found(entries) : { state: before.#state, rest: entries };
    let next = state;
    for (const text of rest) next = await applyEntry(next, await checkedEntry(next, text));
    if (next.awaiting !== null) throw new RosterCutShort();
    return new Roster(next);
  }

  /** `spc_…` */
  get space(): string {
    return this.#state.space;
  }
  get kind(): SpaceKind {
    return this.#state.kind;
  }
  /** Hash of the last entry. */
  get head(): string {
    return this.#state.heads[this.size - 1] as string;
  }
  /** Number of entries. */
  get size(): number {
    return this.#state.heads.length;
  }
  /** Who founded the space, with the keys of then. */
  get founder(): Member {
    const [first] = [...this.#state.spans.values()].flat();
    return first?.member as Member;
  }
  get members(): Member[] {
    return membersNow(this.#state);
  }
  get epoch(): number {
    return currentEpoch(this.#state).n;
  }
  get epochs(): readonly Epoch[] {
    return this.#state.epochs;
  }
  get invites(): Invite[] {
    return [...this.#state.invites.values()];
  }
  /** Somebody left and the next key is due: make it with `rotate` before writing. */
  get rotationPending(): boolean {
    return this.#state.rotationPending;
  }
  get closed(): boolean {
    return this.#state.closed !== null;
  }
  /** Place of the entry that closed the space, or null. */
  get closedAt(): number | null {
    return this.#state.closed;
  }
  /** Members who joined by link and wait for a keeper's check: `confirmJoin`. */
  get unconfirmed(): Member[] {
    return this.members.filter((member) => !member.confirmed);
  }

  member(person: string): Member | null {
    return memberNow(this.#state, person);
  }

  /** Whether the person may do this now, by a clock that says `time`. */
  may(person: string, right: string, time: string = timeText()): boolean {
    const member = this.member(person);
    return member !== null && !hasEnded(member, time) && mayIn(this.#state, member.role, right);
  }

  /** What its roles are, fixed when the space was founded. */
  hasRole(role: string): boolean {
    return this.#state.rights.has(role);
  }

  /** Members whose place has ended by itself at that time and who are still listed: a keeper's device removes them. */
  endedAt(time: string): Member[] {
    return this.members.filter((member) => hasEnded(member, time));
  }

  /**
   * When the place that somebody had at entry `n` ends: as was said then, or earlier if that was said since. Who did not look does not gain time.
   */
  endAt(n: number, person: string): string | null {
    const since = this.#state.spans.get(person)?.findLast((span) => span.member !== null)?.member;
    const ends = [this.memberAt(n, person)?.until ?? null, since?.until ?? null].filter((end) => end !== null);
    return ends.sort()[0] ?? null;
  }

  /** Whether a person was ever a member here with these keys. */
  hadMember(person: string, keyHash: string): boolean {
    return (this.#state.spans.get(person) ?? []).some(({ member }) => member !== null && equalText(member.keyHash, keyHash));
  }

  /** What the clock of the author of entry `n` said. */
  timeAt(n: number): string {
    return this.#state.times[n] as string;
  }

  /** The place of an entry by its hash, or null where it is not on this chain. */
  placeOf(head: string): number | null {
    const n = this.#state.heads.indexOf(head);
    return n < 0 ? null : n;
  }

  memberAt(n: number, person: string): Member | null {
    return memberAt(this.#state, n, person);
  }

  mayAt(n: number, person: string, right: string): boolean {
    const member = this.memberAt(n, person);
    return member !== null && mayIn(this.#state, member.role, right);
  }

  /** The epoch that was current at entry `n`. */
  epochAt(n: number): number {
    return this.#state.epochs.findLast((epoch) => epoch.opened <= n)?.n ?? 1;
  }

  /** Refuses a roster that lists this person with other keys. @throws {@link OwnKeysSwapped} */
  async expectSelf(keys: PersonKeys): Promise<void> {
    const member = this.member(keys.person);
    if (member !== null && !equalText(member.keyHash, await deriveKeyHash(keys))) throw new OwnKeysSwapped();
  }

  /**
   * Refuses a close that left out records which this device knows to be stored. They are to be sealed anew.
   * @param stored sequence numbers that the server acknowledged, of this device, in that epoch
   * @throws {@link EpochClosedEarly}
   */
  expectOwnRecordsKept(epoch: number, device: string, stored: readonly number[]): void {
    const last = this.#state.epochs[epoch - 1]?.last;
    if (!last) return;
    const lost = stored.filter((seq) => seq > (last.get(device) ?? 0));
    if (lost.length > 0) throw new EpochClosedEarly(epoch, lost);
  }
}

/** What a device remembers of a roster: that this entry was at this place. */
export interface RosterPin {
  readonly head: string;
  readonly size: number;
}

export interface RosterExpectation {
  /** The space that was asked for. */
  readonly space: string;
  readonly pin?: RosterPin | null;
}

/**
 * Verifies a whole roster. Every refusal is named and stops writing.
 * @throws {@link RosterOfAnotherSpace} @throws {@link RosterRolledBack} and everything in errors/spaces.ts
 */
export async function verifyRoster(entries: readonly string[], { space, pin }: RosterExpectation): Promise<Roster> {
  const roster = await Roster.verified(entries, null);
  if (roster.space !== space) throw new RosterOfAnotherSpace();
  if (pin && roster.placeOf(pin.head) !== pin.size - 1) throw new RosterRolledBack();
  return roster;
}

/** Verifies entries that follow a roster already verified. */
export async function extendRoster(roster: Roster, entries: readonly string[]): Promise<Roster> {
  return Roster.verified(entries, roster);
}

/** Checks the founding entry, whose hash is the space's id. */
async function found(entries: readonly string[]): Promise<{ state: RosterState; rest: readonly string[] }> {
  const [first, ...rest] = entries;
  if (first === undefined) throw new RosterCutShort();
  const entry = await readEntry(first, 0);
  const { operation } = entry;
  if (operation.op !== 'genesis' || entry.n !== 0 || entry.space !== null || entry.prev !== null) throw new RosterForked(0);
  if (operation.keys.person !== entry.by) throw new RosterNotAMember(0, entry.by);
  if (!(await entry.statement.isBy('roster', operation.keys.sign))) throw new RosterBadSignature(0);
  return { state: await genesisState(entry, operation), rest };
}

async function genesisState({ hash, by, ts }: RosterEntry, genesis: Extract<RosterEntry['operation'], { op: 'genesis' }>): Promise<RosterState> {
  const { kind, nonce, rights, role, keys, epoch } = genesis;
  if (!rights.get(role)?.has('roster')) throw new RosterUnknownRole(0);
  const facts = { role, how: null, invite: null, confirmed: true, until: null, since: 0, keysChanged: false };
  const founder: Member = { ...keys, keyHash: await deriveKeyHash(keys), ...facts };
  return {
    space: `spc_${hash}`,
    kind,
    nonce,
    rights,
    heads: [hash],
    times: [ts],
    spans: new Map([[by, [{ from: 0, member: founder }]]]),
    epochs: [{ n: 1, commit: epoch.commit, by, opened: 0, last: null }],
    invites: new Map(),
    awaiting: null,
    rotationPending: false,
    closed: null,
  };
}

/** Reads the next entry and checks that it continues the chain and is signed by who it names. */
async function checkedEntry(state: RosterState, text: string): Promise<RosterEntry> {
  const n = state.heads.length;
  const entry = await readEntry(text, n);
  if (entry.n !== n || entry.prev !== state.heads[n - 1]) throw new RosterForked(n);
  if (entry.space !== state.space) throw new RosterOfAnotherSpace();
  const { operation, by } = entry;
  if (operation.op === 'join') {
    const { inviteKey } = requireOpenInvite(state, entry, operation);
    if (!(await entry.statement.isBy('join', inviteKey))) throw new RosterBadSignature(n);
    return entry;
  }
  const author = memberNow(state, by);
  if (author === null) throw new RosterNotAMember(n, by);
  if (!(await entry.statement.isBy('roster', author.sign))) throw new RosterBadSignature(n);
  return entry;
}

