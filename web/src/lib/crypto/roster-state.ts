/**
 * What a roster says, as a value: members and their rights over time, epochs, invites. The fold in roster-rules.ts makes it; nobody edits it.
 */
import type { PersonKeys } from './identity';
import type { How, SpaceKind } from './roster-entry';

export interface Member extends PersonKeys {
  readonly keyHash: string;
  readonly role: string;
  /** Null while nobody but the joiner (or the founder) vouches for these keys. */
  readonly how: How | null;
  /** The invite that they came by, if they did. */
  readonly invite: string | null;
  /** Joined by an invite, and no member has confirmed it yet: their history grant is due. */
  readonly confirmed: boolean;
  /** When their place ends by itself, without another entry; null where it does not. */
  readonly until: string | null;
  /** The place of the entry that made them a member with these keys. */
  readonly since: number;
  /** They were a member before with other keys: "keys changed" until confirmed in person. */
  readonly keysChanged: boolean;
}

/** A member from entry `from` on; null once removed. */
export interface Span {
  readonly from: number;
  readonly member: Member | null;
}

export interface Epoch {
  readonly n: number;
  readonly commit: string;
  readonly by: string;
  /** Place of the entry that opened it. */
  readonly opened: number;
  /** The last record of each device in it, once the next epoch has closed it. */
  readonly last: ReadonlyMap<string, number> | null;
}

export interface Invite {
  readonly invite: string;
  readonly inviteKey: string;
  readonly role: string;
  readonly epochN: number;
  readonly expires: string;
  /** Key hash of the inviter. */
  readonly coach: string;
  readonly by: string;
  readonly state: 'open' | 'revoked' | 'used';
  readonly joined: string | null;
}

/** What must come next before anything else may. */
export type Awaiting =
  | { readonly what: 'join'; readonly person: string }
  | { readonly what: 'removal'; readonly person: string }
  | null;

export interface RosterState {
  readonly space: string;
  readonly kind: SpaceKind;
  readonly nonce: string;
  readonly rights: ReadonlyMap<string, ReadonlySet<string>>;
  /** The hash of every entry, by place. */
  readonly heads: readonly string[];
  /** What the clock of each entry's author said, by place. */
  readonly times: readonly string[];
  readonly spans: ReadonlyMap<string, readonly Span[]>;
  /** By n, from 1: `epochs[n - 1]`. */
  readonly epochs: readonly Epoch[];
  readonly invites: ReadonlyMap<string, Invite>;
  readonly awaiting: Awaiting;
  /** A member left by themselves and no epoch was made since. */
  readonly rotationPending: boolean;
  /** Place of the entry that closed the space. */
  readonly closed: number | null;
}

/** The member at (and including) entry `n`, or null. */
export function memberAt(state: Pick<RosterState, 'spans'>, n: number, person: string): Member | null {
  return state.spans.get(person)?.findLast((span) => span.from <= n)?.member ?? null;
}

/** Whether a member's place has ended by itself at that time. Times are texts of one form: they compare as they stand. */
export function hasEnded({ until }: Pick<Member, 'until'>, time: string): boolean {
  return until !== null && time > until;
}

export function memberNow(state: Pick<RosterState, 'spans'>, person: string): Member | null {
  return memberAt(state, Number.MAX_SAFE_INTEGER, person);
}

export function membersNow(state: Pick<RosterState, 'spans'>): Member[] {
  return [...state.spans.keys()].flatMap((person) => memberNow(state, person) ?? []);
}

export function mayIn(state: Pick<RosterState, 'rights'>, role: string, right: string): boolean {
  return state.rights.get(role)?.has(right) ?? false;
}

export function currentEpoch(state: Pick<RosterState, 'epochs'>): Epoch {
  return state.epochs[state.epochs.length - 1] as Epoch;
}
