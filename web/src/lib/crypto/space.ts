/**
 * Spaces: founding one and changing who is in it. Each function gives a {@link SpaceChange} for one request.
 */
import { b64u, makeRandom } from './bytes';
import { Drafting, type LastSeqs, type SpaceChange } from './change';
import { deriveCommitment, makeEpochSecret, spaceKeysFrom, type SpaceKeys } from './epoch';
import { RosterNotAMember } from './errors/spaces';
import { makeGrant, type MemberGrant } from './grant';
import type { PersonKeys } from './identity';
import { signerOf, type UnlockedKeyring } from './keyring';
import { Roster } from './roster';
import type { How, Right, SpaceKind } from './roster-entry';
import { signStatement } from './signed';
import { timeText } from './time';

const ALL: readonly Right[] = ['roster', 'epoch', 'note', 'action', 'message', 'file', 'welcome', 'tombstone'];
/** What a person's devices know of the practice is written nowhere else. */
const NOTEBOOK: readonly Right[] = [...ALL, 'pins'];
const CLIENT: readonly Right[] = ['epoch', 'action', 'message', 'file', 'tombstone'];
/** Works in a practitioner's place; does not decide who is in here. */
const COVER: readonly Right[] = ['epoch', 'note', 'action', 'message', 'file', 'tombstone'];
const COLLEAGUE: readonly Right[] = ['epoch', 'message', 'file', 'tombstone'];

/** The rights of each role, fixed for ever by the founding entry. */
export const RIGHTS: Readonly<Record<SpaceKind, Readonly<Record<string, readonly Right[]>>>> = {
  shared: { practitioner: ALL, client: CLIENT, supervisor: [], cover: COVER },
  own: { practitioner: ALL },
  notebook: { practitioner: NOTEBOOK, client: NOTEBOOK },
  team: { keeper: ALL, colleague: COLLEAGUE },
};

export interface SpaceOrder {
  readonly kind: SpaceKind;
  /** The founder's role. */
  readonly role: 'practitioner' | 'client' | 'keeper';
  readonly at?: Date;
}

/** Founds a space with its founder as the only member, and their own grant. */
export async function makeSpace(keyring: UnlockedKeyring, { kind, role, at }: SpaceOrder): Promise<SpaceChange> {
  const nonce = b64u(makeRandom(16));
  const secret = makeEpochSecret();
  const epoch = { n: 1, prev: null, commit: await deriveCommitment(nonce, 1, secret) };
  const members = [{ person: keyring.person, role, sign: keyring.keys.sign, recipient: keyring.keys.recipient }];
  const chain = { v: 1, op: 'genesis', space: null, n: 0, prev: null, by: keyring.person, ts: timeText(at) };
  const genesis = await signStatement('roster', { ...chain, kind, nonce, rights: RIGHTS[kind], members, epoch }, signerOf(keyring));
  const roster = await Roster.verified([genesis], null);
  const keys = spaceKeysFrom(roster.space, [[1, secret]]);
  const grants: MemberGrant[] = [];
  for (const to of roster.members) grants.push(await makeGrant(keyring, keys, { roster, to, epochs: [1], at }));
  return { space: roster.space, expectedHead: null, entries: [genesis], grants, roster, keys };
}

/** The person's hold on a space: what every change needs. */
export interface Held {
  readonly keyring: UnlockedKeyring;
  readonly roster: Roster;
  readonly keys: SpaceKeys;
}

export interface Rotation {
  /** Persons to remove in the same step. */
  readonly remove?: readonly string[];
  readonly last: LastSeqs;
  readonly at?: Date | undefined;
}

/** Makes the next epoch, and removes members if so asked. Who is removed gets no grant. */
export async function rotate({ keyring, roster, keys }: Held, { remove = [], last, at }: Rotation): Promise<SpaceChange> {
  const drafting = new Drafting(keyring, roster, keys, at);
  for (const person of remove) await drafting.add({ op: 'remove', person });
  await drafting.addEpoch(last);
  return drafting.finish(() => [drafting.epoch]);
}

/** Leaves a space. The next key is made by a member who stays. */
export async function leaveSpace({ keyring, roster, keys }: Held, at?: Date): Promise<SpaceChange> {
  const drafting = new Drafting(keyring, roster, keys, at);
  await drafting.add({ op: 'remove', person: keyring.person });
  return drafting.finish(() => []);
}

export async function changeRole({ keyring, roster, keys }: Held, person: string, role: string, at?: Date): Promise<SpaceChange> {
  const drafting = new Drafting(keyring, roster, keys, at);
  await drafting.add({ op: 'role', person, role });
  return drafting.finish(() => []);
}

/** Closes a space for writing, for good. */
export async function closeSpace({ keyring, roster, keys }: Held, at?: Date): Promise<SpaceChange> {
  const drafting = new Drafting(keyring, roster, keys, at);
  await drafting.add({ op: 'close' });
  return drafting.finish(() => []);
}

/** Which epochs a new member receives: everything this person holds, or what is sealed from now on. */
export type History = 'all' | 'from-now';

export interface Addition {
  readonly keys: PersonKeys;
  readonly role: string;
  readonly how: How;
  readonly history: History;
  /** When their place ends by itself. Never for a role that may change the roster. */
  readonly until?: string | null;
  readonly at?: Date;
}

/** Adds a person whose key hash was compared (or whose keys the team's roster has), or sets when a member's place ends. */
export async function addMember({ keyring, roster, keys }: Held, { keys: them, role, how, history, until = null, at }: Addition): Promise<SpaceChange> {
  const drafting = new Drafting(keyring, roster, keys, at);
  await drafting.add({ op: 'add', person: them.person, role, sign: them.sign, recipient: them.recipient, how, invite: roster.member(them.person)?.invite ?? null, until });
  const epochs = history === 'all' ? keys.epochs : [roster.epoch];
  return drafting.finish(({ person }) => (person === them.person ? epochs : []));
}

/** Grants a member epochs again: history, or after a grant was lost. No roster entry is needed. */
export async function grantAgain({ keyring, roster, keys }: Held, person: string, epochs: readonly number[] = keys.epochs): Promise<MemberGrant> {
  const to = roster.member(person);
  if (to === null) throw new RosterNotAMember(roster.size - 1, person);
  return makeGrant(keyring, keys, { roster, to, epochs });
}
