/**
 * Brings this device up to what the practice holds: rosters first and verified, then grants, then records. Everything that was fetched is stored
 * sealed before it is opened; what is refused is named and stops writing in its space.
 */
import { b64u, extendRoster, fromB64u, hashFile, openGrants, RosterRolledBack, SpaceMislabelled, verifyRoster, type Bytes, type Roster } from '$lib/crypto';
import type { RecordHead, SpaceSeen } from '$lib/api';
import { isAlarm, raise } from './alarms';
import type { Core } from './core';
import { isRestoring } from './device';
import { learnOwnLeaf } from './directory';
import { SessionLocked } from './errors';
import { clientOfSpace, expectPinnedRoster } from './knowing';
import { isKnownColleague } from './team';
import type { Put } from './ports';
import { evidenceOf, Space, type RecordRow, type SpaceRow } from './space';

const PAGE = 500;

const spaceKey = (core: Core, space: string) => `${core.prefix}${space}`;
export const recordKey = (core: Core, space: string, record: string, rev: number) => `${core.prefix}${space}/${record}/${String(rev).padStart(6, '0')}`;

export function spacePut(core: Core, row: SpaceRow): Put {
  return ['spaces', spaceKey(core, row.space), row];
}

/** Opens the sealed local copy: what can be shown without a network. */
export async function openLocal(core: Core): Promise<void> {
  const rows = await core.ports.store.list<SpaceRow>('spaces', core.prefix);
  // The team first: it says who founded what colleagues share.
  for (const [, row] of [...rows].sort(([, a], [, b]) => Number(b.kind === 'team') - Number(a.kind === 'team'))) {
    try {
      await adopt(core, row);
    } catch (error) {
      if (!isAlarm(error)) throw error;
      raise(core, error, { space: row.space });
    }
  }
  if (rows.length > 0) core.loaded = true;
}

/** A space from its row: verified again, since the local store is no witness. */
async function adopt(core: Core, row: SpaceRow): Promise<Space> {
  const { keyring } = core.open();
  const roster = await verifyRoster(row.entries, { space: row.space });
  await roster.expectSelf(keyring.keys);
  expectKind(core, row, roster);
  const space = new Space(row, roster, await openGrants(keyring, roster, row.grants));
  for (const [, found] of await core.ports.store.list<RecordRow>('records', `${spaceKey(core, row.space)}/`)) await take(core, space, found);
  if (core.keyring === null || core.account?.person !== keyring.person) {
    // Locked meanwhile: no key may outlive the lock.
    space.lock();
    throw new SessionLocked();
  }
  core.spaces.set(row.space, space);
  return space;
}

/**
 * The practice says what a space is for; its founding entry decides. A space of one's own has one member, who founded it; a shared one and the team
 * were founded by this person, by somebody whose keys they have pinned, or (a shared one) by a colleague whose keys the team's roster has.
 */
function expectKind(core: Core, { kind }: SpaceRow, roster: Roster): void {
  const { keyring } = core.open();
  const { founder, members } = roster;
  const isMine = founder.person === keyring.person && founder.keyHash === keyring.keyHash;
  const isOwn = isMine && members.length === 1;
  const isTrusted = isMine || keyring.pinOf(founder.person) === founder.keyHash;
  const fits = { shared: isTrusted || isKnownColleague(core, founder), team: isTrusted, own: isOwn, notebook: isOwn };
  if (roster.kind !== kind || !fits[kind]) throw new SpaceMislabelled();
}

/** A restore was signed for and taken in: a revision that it lost may have been written differently since. */
function isRestored(core: Core): boolean {
  return (core.account?.anchor?.timeline ?? 1) > 1;
}

/** Takes one revision in; a refusal becomes an alarm of its space and the revision is not shown. */
async function take(core: Core, space: Space, row: RecordRow): Promise<void> {
  try {
    await space.take(row, isRestored(core));
  } catch (error) {
    raise(core, error, { space: space.id, person: row.head.author, stops: isAlarm(error) ? undefined : false });
  }
}

/** Follows one space to its head. Several calls at once share one run, and a call during a run has another follow. */
export function syncSpace(core: Core, seen: Pick<SpaceSeen, 'space' | 'kind' | 'client'>): Promise<void> {
  const runs = running(core);
  const active = runs.get(seen.space);
  if (active) {
    active.again = true;
    return active.done;
  }
  const run = { again: false, done: Promise.resolve() };
  run.done = (async () => {
    try {
      do {
        run.again = false;
        await follow(core, seen);
      } while (run.again);
    } finally {
      runs.delete(seen.space);
    }
  })();
  runs.set(seen.space, run);
  return run.done;
}

interface Run {
  again: boolean;
  done: Promise<void>;
}
const runsByCore = new WeakMap<Core, Map<string, Run>>();
function running(core: Core): Map<string, Run> {
  const known = runsByCore.get(core) ?? new Map<string, Run>();
  runsByCore.set(core, known);
  return known;
}

async function follow(core: Core, seen: Pick<SpaceSeen, 'space' | 'kind' | 'client'>): Promise<void> {
  try {
    const space = core.spaces.get(seen.space) ?? (await begin(core, seen));
    await followRoster(core, space);
    expectPinnedRoster(core, space);
    await followChanges(core, space);
  } catch (error) {
    if (!isAlarm(error)) throw error;
    raise(core, error, { space: seen.space });
  }
}

/** A space that this device sees for the first time. */
async function begin(core: Core, { space, kind, client }: Pick<SpaceSeen, 'space' | 'kind' | 'client'>): Promise<Space> {
  const { entries } = await core.api.roster(space, 0);
  const row: SpaceRow = { space, kind, client: clientOfSpace(core, space, client), entries, grants: await fetchGrants(core, space), members: (await core.api.members(space)).members, cursor: 0, lastReadAt: null, syncedAt: null, settled: [] };
  const made = await adopt(core, row);
  await core.ports.store.write(spacePut(core, row));
  if (kind === 'notebook') await learnOwnLeaf(core, row.members);
  return made;
}

async function fetchGrants(core: Core, space: string): Promise<Bytes[]> {
  const { grants } = await core.api.grants(space);
  return grants.map(({ body }) => fromB64u(body, 'grant'));
}

async function followRoster(core: Core, space: Space): Promise<void> {
  const { keyring } = core.open();
  const { entries, head, size } = await core.api.roster(space.id, space.roster.size);
  expectNotBefore(core, space, { head, size });
  if (entries.length > 0) {
    const roster = await extendRoster(space.roster, entries);
    await roster.expectSelf(keyring.keys);
    const { members } = await core.api.members(space.id);
    space.roster = roster;
    space.row = { ...space.row, entries: [...space.row.entries, ...entries], members };
  }
  const isMissing = !space.keys.has(space.roster.epoch) || space.unopened.size > 0;
  if (entries.length > 0 || isMissing) await renewGrants(core, space);
  if (entries.length > 0) await core.ports.store.write(spacePut(core, space.row));
}

/** A list that is shorter than the one seen here, or another one of that length, is hidden from us; only a restore explains it, and re-offers mend it. */
function expectNotBefore(core: Core, { roster }: Space, { head, size }: { head: string; size: number }): void {
  if (isRestoring(core.open().account) || size > roster.size) return;
  if (size < roster.size || head !== roster.head) throw new RosterRolledBack();
}

/** Takes in grants that are new here. Those of before are kept, whatever the server still lists. */
async function renewGrants(core: Core, space: Space): Promise<void> {
  const known = new Set(space.row.grants.map(b64u));
  const fresh = (await fetchGrants(core, space.id)).filter((grant) => !known.has(b64u(grant)));
  if (fresh.length === 0) return;
  space.keys = space.keys.with(await openGrants(core.open().keyring, space.roster, fresh));
  space.row = { ...space.row, grants: [...space.row.grants, ...fresh] };
  await core.ports.store.write(spacePut(core, space.row));
  await openWaiting(core, space);
}

/** Opens what waited for a grant. */
async function openWaiting(core: Core, space: Space): Promise<void> {
  for (const name of [...space.unopened].sort()) {
    const [record = '', rev = ''] = name.split('/');
    const row = await core.ports.store.read<RecordRow>('records', recordKey(core, space.id, record, Number(rev)));
    if (row) await take(core, space, row);
  }
}

async function followChanges(core: Core, space: Space): Promise<void> {
  for (;;) {
    const { changes, more } = await core.api.changes(space.id, space.row.cursor, PAGE);
    const rows = await Promise.all(changes.map((head) => fetchBody(core, space, head)));
    const cursor = changes.at(-1)?.seq ?? space.row.cursor;
    const syncedAt = new Date(core.ports.clock.now()).toISOString();
    // What was opened here is never overwritten by another body of the same revision, unless a signed restore lost it.
    const kept = rows.filter(({ head }) => !space.contradicts(head, isRestored(core)));
    const lost = space.replacedBy(kept.map(({ head }) => head)).map(({ device, seq }) => evidenceOf(device, [seq, seq]));
    space.row = { ...space.row, cursor, syncedAt, settled: [...space.row.settled, ...lost] };
    const puts = kept.map((row): Put => ['records', recordKey(core, space.id, row.head.record, row.head.rev), row]);
    await core.ports.store.write(...puts, spacePut(core, space.row));
    for (const row of rows) await take(core, space, row);
    if (!more) return;
  }
}

async function fetchBody(core: Core, space: Space, { body, ...head }: RecordHead): Promise<RecordRow> {
  const known = await core.ports.store.read<RecordRow>('records', recordKey(core, space.id, head.record, head.rev));
  if (known?.head.hash === head.hash) return { ...known, head: { ...head, body: null } };
  const bytes = body === null ? await core.api.record(space.id, head.record, head.rev) : fromB64u(body, 'record');
  // The server's word on the hash is checked here, since `prev` of the next revision is made from it.
  return { head: { ...head, hash: await hashFile(bytes), body: null }, bytes };
}
