/**
 * The anchor, by which this device notices a practice that went back in time; and restores, which look just so until an owner has signed for them.
 * After an accepted restore the device offers again what it holds and the backup did not.
 */
import { b64u, compareAnchor, LowerTimeline, makeRestoreStatement, OtherInstall, readRestoreStatement, RestoreUnsigned, type Anchor, type PersonKeys } from '$lib/crypto';
import { ApiProblem, type Client, type Grant, type Me, type RecordOffered, type SpaceMade } from '$lib/api';
import { clear, isAlarm, raise } from './alarms';
import type { Core } from './core';
import type { Account } from './device';
import type { RecordRow, SpaceRow } from './space';
import { spacePut, syncSpace } from './sync';
import { followAnew } from './directory';
import { NotHere } from './errors';
import { pinnedOwners } from './knowing';
import { isLater } from './pins';

const OFFERED_AT_ONCE = 50;

/** Compares the practice's anchor with the one this device keeps. What does not fit makes everything read-only. */
export async function checkAnchor(core: Core, me: Me): Promise<void> {
  const { account } = core.open();
  if (me.restore.pending) {
    raise(core, new RestoreUnsigned(), { space: null, stops: true, action: me.role === 'owner' ? 'sign-restore' : null });
    return;
  }
  clear(core, ({ code }) => code === 'RestoreUnsigned');
  // Only what this very device has seen tells it that it has something to bring back.
  const isRestored = account.anchor !== null && me.anchor.timeline > account.anchor.timeline;
  try {
    const from = await compare(core, me, account.anchor);
    if (isLater(core.pins.anchor, account.anchor)) await compare(core, me, core.pins.anchor);
    const { anchor } = me;
    // Before the anchor is kept: a device that is cut off half way offers everything again.
    if (isRestored) await bringBack(core, me, from);
    const owners = await knownOwners(core, me);
    await core.note({ anchor, owners, marks: marksWith(core.open().account, me, isRestored ? from : Infinity), restoredAt: (await restoredAt(me, owners)) ?? account.restoredAt });
  } catch (error) {
    if (!isAlarm(error) && !(error instanceof RestoreUnsigned)) throw error;
    raise(core, error, { space: null, stops: true });
  }
}

/** Compares the practice's anchor with one that a device of this person has seen, and gives the size that must still be there. */
async function compare(core: Core, me: Me, pinned: Anchor | null): Promise<number> {
  const from = await sizeThen(core, me, pinned);
  const offer = { offered: me.anchor, rootThen: pinned && (await rootThen(core, me, from)), statements: me.restore.statements, owners: pinnedOwners(core) };
  await compareAnchor(pinned, offer);
  return from;
}

/** When the owner signed for the restore that this timeline began with. */
async function restoredAt({ anchor, restore }: Me, owners: readonly PersonKeys[]): Promise<string | null> {
  for (const text of restore.statements) {
    const read = await readRestoreStatement(text, owners).catch(() => null);
    if (read?.timeline === anchor.timeline && read.install === anchor.install) return read.ts;
  }
  return null;
}

/** The size of the audit log that must still be there. */
async function sizeThen(core: Core, me: Me, pinned: Anchor | null): Promise<number> {
  if (pinned === null) return 0;
  const sizes = [pinned.size];
  if (me.anchor.timeline > pinned.timeline) {
    const owners = pinnedOwners(core);
    const read = await Promise.all(me.restore.statements.map((text) => readRestoreStatement(text, owners)));
    for (const { timeline, restored } of read) if (timeline > pinned.timeline) sizes.push(restored.size);
  }
  return Math.min(...sizes);
}

/** The practice's root at that size. */
async function rootThen(core: Core, me: Me, size: number): Promise<string | null> {
  return size < me.anchor.size ? (await core.api.anchorAt(size)).root : null;
}

/** The directory first, so that it has its heads again before somebody joins; then every space. Too late is too late: what is here stays here. */
async function bringBack(core: Core, me: Me, from: number): Promise<void> {
  const floor = Math.max(0, ...core.open().account.marks.filter(({ audit }) => audit <= from).map(({ leaves }) => leaves));
  const inTime = async (task: () => Promise<void>) => {
    await task().catch((error: unknown) => {
      if (!(error instanceof ApiProblem && error.code === 'reoffer-closed')) throw error;
      raise(core, error, { space: null, stops: false });
    });
  };
  await followAnew(core, floor, (leaves) => inTime(() => core.api.reofferLeaves(leaves)));
  await inTime(() => reofferAll(core, me));
}

/** One mark more where the directory has grown; none from a time that a restore took back. */
function marksWith({ marks, directory }: Account, me: Me, upTo: number): Account['marks'] {
  const kept = marks.filter(({ audit }) => audit <= upTo).slice(-MARKS_MAX);
  const isNew = directory.size >= me.directory.size && kept.at(-1)?.leaves !== me.directory.size;
  return isNew ? [...kept, { audit: me.anchor.size, leaves: me.directory.size }] : kept;
}

const MARKS_MAX = 500;

/**
 * The owner's keys, from the verified rosters: who founded what this person shares. Learnt once, from before any restore is declared: a practice that
 * later names another person as owner does not make their statements count.
 */
async function knownOwners(core: Core, me: Me): Promise<PersonKeys[]> {
  const { account, keyring } = core.open();
  const known = pinnedOwners(core);
  if (known.length > 0) return [...known];
  const founders = [...core.spaces.values()].map(({ roster }) => roster.founder);
  const found = me.owner === account.person ? keyring.keys : founders.find(({ person }) => person === me.owner);
  return found ? [{ person: found.person, sign: found.sign, recipient: found.recipient }] : [];
}

/** The owner signs that the restored server is the practice. */
export async function signRestore(core: Core): Promise<void> {
  const { account, keyring } = core.open();
  const me = await core.api.me();
  const { restored } = me.restore;
  if (!me.restore.pending || restored === null) throw new NotHere();
  const abandoned = account.anchor ?? me.anchor;
  // What is signed is signed for ever: never for another installation or a time before what this device has seen.
  if (abandoned.install !== me.anchor.install) throw new OtherInstall();
  if (me.anchor.timeline < abandoned.timeline) throw new LowerTimeline();
  const statement = await makeRestoreStatement(keyring, {
    install: me.anchor.install,
    abandoned: { timeline: me.anchor.timeline, size: abandoned.size, root: abandoned.root },
    restored: { size: restored.size, root: restored.root },
    timeline: me.anchor.timeline + 1,
  }, new Date(core.ports.clock.now()));
  await core.api.sendRestoreStatement(statement);
}

/** Offers every space's entries, grants and records again; the practice takes what it has not got. Then everything is looked at from the beginning. */
async function reofferAll(core: Core, me: Me): Promise<void> {
  const rows = (await core.ports.store.list<SpaceRow>('spaces', core.prefix)).map(([, row]) => row);
  await addLostClients(core, me, rows);
  for (const row of rows) {
    await reoffer(core, row).catch((error: unknown) => {
      // A space that this person was removed from, or that nobody can bring back.
      if (!(error instanceof ApiProblem && error.status === 404)) throw error;
    });
    const space = core.spaces.get(row.space);
    const renewed = { ...(space?.row ?? row), cursor: 0 };
    if (space) space.row = renewed;
    await core.ports.store.write(spacePut(core, renewed));
    if (space) await syncSpace(core, renewed);
  }
}

/** Clients who were added after the backup: their spaces are founded again from the very same entries. */
async function addLostClients(core: Core, me: Me, rows: readonly SpaceRow[]): Promise<void> {
  if (!me.rights.includes('manage-clients')) return;
  const known = new Set((await core.api.clients()).clients.map(({ client }) => client));
  const listed = (await core.ports.store.read<Client[]>('device', `${core.prefix}clients`)) ?? [];
  for (const { client, name, email, shared, own } of listed.filter(({ client }) => !known.has(client))) {
    const founded = [shared, own].map((id) => rows.find(({ space }) => space === id));
    const [sharedRow, ownRow] = founded;
    if (sharedRow && ownRow) await core.api.addClient({ client, name, email, shared: foundedAgain(core, sharedRow), own: foundedAgain(core, ownRow) }, `again.${client}`);
  }
}

function foundedAgain(core: Core, { entries, grants }: SpaceRow): SpaceMade {
  const to = core.open().account.person;
  // The first grant that this device ever got for the space is the founder's own, of epoch 1.
  return { genesis: entries[0] ?? '', grants: grants.slice(0, 1).map((grant) => ({ to, epoch: 1, body: b64u(grant) })) };
}

async function reoffer(core: Core, row: SpaceRow): Promise<void> {
  const { person } = core.open().account;
  const records = (await core.ports.store.list<RecordRow>('records', `${core.prefix}${row.space}/`)).map(([, found]) => found);
  records.sort((a, b) => a.head.seq - b.head.seq);
  const epoch = Math.max(...(core.spaces.get(row.space)?.keys.epochs ?? []), 1);
  const grants: Grant[] = row.grants.map((grant) => ({ to: person, epoch, body: b64u(grant) }));
  await core.api.reoffer(row.space, { entries: [...row.entries], grants, records: [] });
  for (let at = 0; at < records.length; at += OFFERED_AT_ONCE) {
    await core.api.reoffer(row.space, { entries: [], grants: [], records: records.slice(at, at + OFFERED_AT_ONCE).map(offered) });
  }
}

function offered({ head, bytes }: RecordRow): RecordOffered {
  const { record, rev, prev, epoch, dev_seq, open, deleted, author, device, at } = head;
  return { record, rev, prev, epoch, dev_seq, open, deleted, author, device, at, body: b64u(bytes) };
}
