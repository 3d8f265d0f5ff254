/**
 * The anchor, by which this device notices a practice that went back in time; and restores, which look just so until an owner has signed for them.
 * After an accepted restore the device offers again what it holds and the backup did not.
 */
import { b64u, compareAnchor, makeRestoreStatement, readRestoreStatement, RestoreUnsigned, type Anchor, type PersonKeys } from '$lib/crypto';
import type { Grant, Me, RecordOffered } from '$lib/api';
import { clear, isAlarm, raise } from './alarms';
import type { Core } from './core';
import type { RecordRow, Space } from './space';
import { NotHere } from './errors';

const OFFERED_AT_ONCE = 50;

/** Compares the practice's anchor with the one this device keeps. What does not fit makes everything read-only. */
export async function checkAnchor(core: Core, me: Me): Promise<void> {
  const { account } = core.open();
  if (me.restore.pending) {
    raise(core, new RestoreUnsigned(), { space: null, stops: true, action: me.role === 'owner' ? 'sign-restore' : null });
    return;
  }
  clear(core, ({ code }) => code === 'RestoreUnsigned');
  const pinned = account.anchor;
  const isRestored = pinned !== null && me.anchor.timeline > pinned.timeline;
  try {
    const offer = { offered: me.anchor, rootThen: await rootThen(core, me, pinned), statements: me.restore.statements, owners: account.owners };
    await core.note({ anchor: await compareAnchor(pinned, offer), owners: await knownOwners(core, me) });
    clear(core, ({ space, code }) => space === null && ANCHOR_CODES.has(code));
  } catch (error) {
    if (!isAlarm(error) && !(error instanceof RestoreUnsigned)) throw error;
    raise(core, error, { space: null, stops: true });
    return;
  }
  if (isRestored) await reofferAll(core);
}

const ANCHOR_CODES = new Set(['OtherInstall', 'LowerTimeline', 'AnchorRolledBack', 'AnchorForked', 'RestoreNotByOwner', 'RestoreReplayed']);

/** The practice's root at the size that must still be there. */
async function rootThen(core: Core, me: Me, pinned: Anchor | null): Promise<string | null> {
  if (pinned === null) return null;
  const sizes = [pinned.size];
  if (me.anchor.timeline > pinned.timeline) {
    const { owners } = core.open().account;
    const read = await Promise.all(me.restore.statements.map((text) => readRestoreStatement(text, owners)));
    for (const { timeline, restored } of read) if (timeline > pinned.timeline) sizes.push(restored.size);
  }
  const size = Math.min(...sizes);
  return size < me.anchor.size ? (await core.api.anchorAt(size)).root : null;
}

/** The owner's keys, from the verified rosters: who founded what this person shares. Kept from before any restore is declared. */
async function knownOwners(core: Core, me: Me): Promise<PersonKeys[]> {
  const { account, keyring } = core.open();
  const known = new Map(account.owners.map((keys) => [keys.person, keys]));
  if (!known.has(me.owner)) {
    const members = [...core.spaces.values()].map((space) => space.roster.member(me.owner));
    const found = me.owner === account.person ? keyring.keys : members.find((member) => member !== null);
    if (found) known.set(me.owner, { person: found.person, sign: found.sign, recipient: found.recipient });
  }
  return [...known.values()];
}

/** The owner signs that the restored server is the practice. */
export async function signRestore(core: Core): Promise<void> {
  const { account, keyring } = core.open();
  const me = await core.api.me();
  const { restored } = me.restore;
  if (!me.restore.pending || restored == null) throw new NotHere();
  const abandoned = account.anchor ?? me.anchor;
  const statement = await makeRestoreStatement(keyring, {
    install: me.anchor.install,
    abandoned: { timeline: me.anchor.timeline, size: abandoned.size, root: abandoned.root },
    restored: { size: restored.size, root: restored.root },
    timeline: me.anchor.timeline + 1,
  }, new Date(core.ports.clock.now()));
  await core.api.sendRestoreStatement(statement);
}

/** Offers every space's entries, grants and records again; the practice takes what it has not got. */
export async function reofferAll(core: Core): Promise<void> {
  for (const space of core.spaces.values()) await reoffer(core, space);
}

async function reoffer(core: Core, space: Space): Promise<void> {
  const { person } = core.open().account;
  const rows = (await core.ports.store.list<RecordRow>('records', `${core.prefix}${space.id}/`)).map(([, row]) => row);
  rows.sort((a, b) => a.head.seq - b.head.seq);
  const grants: Grant[] = space.row.grants.map((grant) => ({ to: person, epoch: Math.max(...space.keys.epochs, 1), body: b64u(grant) }));
  const entries = [...space.row.entries];
  await core.api.reoffer(space.id, { entries, grants, records: [] });
  for (let at = 0; at < rows.length; at += OFFERED_AT_ONCE) {
    await core.api.reoffer(space.id, { entries: [], grants: [], records: rows.slice(at, at + OFFERED_AT_ONCE).map(offered) });
  }
}

function offered({ head, bytes }: RecordRow): RecordOffered {
  const { record, rev, prev, epoch, dev_seq, open, deleted, author, device, at } = head;
  return { record, rev, prev, epoch, dev_seq, open, deleted, author, device, at, body: b64u(bytes) };
}
