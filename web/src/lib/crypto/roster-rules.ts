/**
 * The rules of a roster, one function per operation: who may do it, when, and what it makes of the state. Pure; signatures are checked by the
 * caller. The server applies the same rules, but a device never relies on that.
 */
import { equalText } from './bytes';
import {
  AlreadyMember,
  EpochMovedBack,
  InviteExpired,
  InviteRevoked,
  InviterKeyMismatch,
  InviteUnknown,
  InviteUsedTwice,
  LastKeeper,
  MemberKeysSwapped,
  MembershipEnded,
  RosterForked,
  RosterNotAllowed,
  RosterNotAMember,
  RosterUnfinished,
  RosterUnknownRole,
  SpaceClosed,
} from './errors/spaces';
import { deriveKeyHash, type PersonKeys } from './identity';
import type { EpochStep, Operation, RosterEntry } from './roster-entry';
import { currentEpoch, hasEnded, mayIn, memberNow, membersNow, type Invite, type Member, type RosterState, type Span } from './roster-state';

type Of<Op extends Operation['op']> = Extract<Operation, { op: Op }>;

/** The state after one more entry. Its place, predecessor and signature are checked already. */
export async function applyEntry(state: RosterState, entry: RosterEntry): Promise<RosterState> {
  requireOrder(state, entry);
  const next = await applyOperation(state, entry);
  return { ...next, heads: [...state.heads, entry.hash], times: [...state.times, entry.ts] };
}

/** A change and the epoch that must follow it stand together; nothing comes between, and nothing after a close. */
function requireOrder(state: RosterState, { n, by, operation: { op } }: RosterEntry): void {
  if (state.closed !== null) throw new SpaceClosed();
  const { awaiting } = state;
  if (awaiting === null) return;
  const continues = op === 'epoch' || (awaiting.what === 'removal' && op === 'remove');
  if (by !== awaiting.person || !continues) throw new RosterUnfinished(n);
}

async function applyOperation(state: RosterState, entry: RosterEntry): Promise<RosterState> {
  const { operation } = entry;
  switch (operation.op) {
    case 'genesis':
      throw new RosterForked(entry.n);
    case 'epoch':
      return applyEpoch(state, entry, operation.epoch);
    case 'invite':
      return applyInvite(state, entry, operation);
    case 'revoke':
      return applyRevoke(state, entry, operation);
    case 'join':
      return applyJoin(state, entry, operation);
    case 'add':
      return applyAdd(state, entry, operation);
    case 'remove':
      return applyRemove(state, entry, operation);
    case 'role':
      return applyRole(state, entry, operation);
    case 'close':
      requireKeeper(state, entry);
      return { ...state, closed: entry.n };
  }
}

/** The author, whose place must not have ended. */
function requireMember(state: RosterState, { n, by, ts }: RosterEntry): Member {
  const author = memberNow(state, by);
  if (author === null) throw new RosterNotAMember(n, by);
  if (hasEnded(author, ts)) throw new MembershipEnded(n, by);
  return author;
}

/** The author, who must hold the right to change the roster. */
function requireKeeper(state: RosterState, entry: RosterEntry): Member {
  const { n, operation: { op } } = entry;
  const author = requireMember(state, entry);
  if (!mayIn(state, author.role, 'roster')) throw new RosterNotAllowed(n, op);
  return author;
}

function requireRole(state: RosterState, n: number, role: string): void {
  if (!state.rights.has(role)) throw new RosterUnknownRole(n);
}

function setMember(state: RosterState, from: number, person: string, member: Member | null): ReadonlyMap<string, readonly Span[]> {
  return new Map([...state.spans, [person, [...(state.spans.get(person) ?? []), { from, member }]]]);
}

function setInvite(state: RosterState, invite: Invite): ReadonlyMap<string, Invite> {
  return new Map([...state.invites, [invite.invite, invite]]);
}

/**
 * Keepers make an epoch at any time. Other members with the right make one only to finish their own join, or when a member left and the next key
 * is due: else any member could close epochs to make others' records unreadable.
 */
function applyEpoch(state: RosterState, entry: RosterEntry, epoch: EpochStep): RosterState {
  const { n, by } = entry;
  const author = requireMember(state, entry);
  const isDue = state.rotationPending || state.awaiting !== null;
  const may = mayIn(state, author.role, 'epoch') && (isDue || mayIn(state, author.role, 'roster'));
  if (!may) throw new RosterNotAllowed(n, 'epoch');
  const before = currentEpoch(state);
  if (epoch.n !== before.n + 1 || epoch.prev === null || !equalText(epoch.prev, before.commit)) throw new EpochMovedBack(n);
  if (state.epochs.some(({ commit }) => equalText(commit, epoch.commit))) throw new EpochMovedBack(n);
  const closed = { ...before, last: epoch.last };
  const opened = { n: epoch.n, commit: epoch.commit, by, opened: n, last: null };
  return { ...state, epochs: [...state.epochs.slice(0, -1), closed, opened], awaiting: null, rotationPending: false };
}

function applyInvite(state: RosterState, entry: RosterEntry, { op: _, ...facts }: Of<'invite'>): RosterState {
  const author = requireKeeper(state, entry);
  requireRole(state, entry.n, facts.role);
  if (!equalText(facts.coach, author.keyHash)) throw new InviterKeyMismatch();
  // The invite epoch is the current one: an older one would give a stranger's link the key to what was sealed in it.
  if (facts.epochN !== currentEpoch(state).n) throw new EpochMovedBack(entry.n);
  if (state.invites.has(facts.invite)) throw new RosterForked(entry.n);
  return { ...state, invites: setInvite(state, { ...facts, by: entry.by, state: 'open', joined: null }) };
}

function requireInvite(state: RosterState, invite: string): Invite {
  const found = state.invites.get(invite);
  if (!found) throw new InviteUnknown();
  return found;
}

function applyRevoke(state: RosterState, entry: RosterEntry, { invite }: Of<'revoke'>): RosterState {
  requireKeeper(state, entry);
  const found = requireInvite(state, invite);
  if (found.state === 'used') throw new RosterNotAllowed(entry.n, 'revoke');
  return { ...state, invites: setInvite(state, { ...found, state: 'revoked' }) };
}

/** The invite that a join claims, if it may be used. The signature by its key is checked by the caller. */
export function requireOpenInvite(state: RosterState, { ts }: RosterEntry, join: Of<'join'>): Invite {
  const invite = requireInvite(state, join.invite);
  if (invite.state === 'used') throw new InviteUsedTwice(join.invite);
  if (invite.state === 'revoked') throw new InviteRevoked();
  if (ts > invite.expires) throw new InviteExpired();
  if (!equalText(join.coach, invite.coach)) throw new InviterKeyMismatch();
  return invite;
}

async function newMember(state: RosterState, n: number, keys: PersonKeys, facts: Pick<Member, 'role' | 'how' | 'invite' | 'confirmed' | 'until'>): Promise<Member> {
  const keyHash = await deriveKeyHash(keys);
  const known = (state.spans.get(keys.person) ?? []).findLast((span) => span.member !== null)?.member;
  const keysChanged = known != null && !equalText(known.keyHash, keyHash) && (facts.how === null || facts.how === 'link');
  return { ...keys, keyHash, ...facts, since: n, keysChanged };
}

async function applyJoin(state: RosterState, entry: RosterEntry, join: Of<'join'>): Promise<RosterState> {
  const { n, by } = entry;
  const invite = requireOpenInvite(state, entry, join);
  if (join.role !== invite.role) throw new RosterNotAllowed(n, 'join');
  if (by !== join.keys.person) throw new RosterNotAMember(n, by);
  if (memberNow(state, by) !== null) throw new AlreadyMember(by);
  const member = await newMember(state, n, join.keys, { role: join.role, how: null, invite: invite.invite, confirmed: false, until: null });
  const invites = setInvite(state, { ...invite, state: 'used', joined: by });
  return { ...state, spans: setMember(state, n, by, member), invites, awaiting: { what: 'join', person: by } };
}

const STRENGTH = { link: 1, words: 2, qr: 2 } as const;

/**
 * Adds a person whose keys a keeper knows, confirms (or confirms better) one who joined, or sets when a member's place ends. Never changes keys or role
 * in passing.
 */
async function applyAdd(state: RosterState, entry: RosterEntry, { role, keys, how, invite, until }: Of<'add'>): Promise<RosterState> {
  requireKeeper(state, entry);
  requireRole(state, entry.n, role);
  requireEndFits(state, entry, role, until);
  const known = memberNow(state, keys.person);
  if (known === null) {
    const member = await newMember(state, entry.n, keys, { role, how, invite, confirmed: true, until });
    return { ...state, spans: setMember(state, entry.n, keys.person, member) };
  }
  if (!equalText(known.keyHash, await deriveKeyHash(keys))) throw new MemberKeysSwapped(keys.person);
  if (known.role !== role) throw new RosterNotAllowed(entry.n, 'add');
  const best = known.how !== null && STRENGTH[known.how] > STRENGTH[how] ? known.how : how;
  const member = { ...known, how: best, confirmed: true, until, keysChanged: known.keysChanged && best === 'link' };
  return { ...state, spans: setMember(state, entry.n, keys.person, member) };
}

/** Who may change the list has no end: else a list could be left without anybody who may. */
function requireEndFits(state: RosterState, { n, operation: { op } }: RosterEntry, role: string, until: string | null): void {
  if (until !== null && mayIn(state, role, 'roster')) throw new RosterNotAllowed(n, op);
}

/** The list must keep somebody who can change it. */
function requireKeeperLeft(state: RosterState, person: string): void {
  const others = membersNow(state).filter((member) => member.person !== person);
  if (!others.some((member) => mayIn(state, member.role, 'roster'))) throw new LastKeeper();
}

/**
 * A keeper removes another and must make the next epoch at once. Somebody who leaves by themselves must not make it (they would know the key), so
 * the next member who may does.
 */
function applyRemove(state: RosterState, entry: RosterEntry, { person }: Of<'remove'>): RosterState {
  const { n, by } = entry;
  if (memberNow(state, person) === null) throw new RosterNotAMember(n, person);
  if (by !== person) requireKeeper(state, entry);
  else if (state.awaiting !== null) throw new RosterUnfinished(n);
  requireKeeperLeft(state, person);
  const spans = setMember(state, n, person, null);
  if (by === person) return { ...state, spans, rotationPending: true };
  return { ...state, spans, awaiting: { what: 'removal', person: by } };
}

function applyRole(state: RosterState, entry: RosterEntry, { person, role }: Of<'role'>): RosterState {
  requireKeeper(state, entry);
  requireRole(state, entry.n, role);
  const member = memberNow(state, person);
  if (member === null) throw new RosterNotAMember(entry.n, person);
  requireEndFits(state, entry, role, member.until);
  if (!mayIn(state, role, 'roster')) requireKeeperLeft(state, person);
  return { ...state, spans: setMember(state, entry.n, person, { ...member, role }) };
}
