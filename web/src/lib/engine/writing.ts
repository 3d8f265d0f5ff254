/**
 * Writing a record: sealed first, stored in the outbox, then sent by sending.ts. What a person wrote is on disk before anything else happens.
 */
import { rotate, sealRecord, type SealedRecord } from '$lib/crypto';
import type { RecordWrite } from '$lib/api';
import { requireWritable } from './alarms';
import { contentBytes, openOf, type Content } from './bodies';
import { applyChange } from './changing';
import type { Core } from './core';
import { NotHere } from './errors';
import { entryName, entryOf, entryPut, refreshOutbox, sealEntryDraft, type StoredEntry } from './outbox';
import type { Put } from './ports';
import type { Pending, Space } from './space';

export function spaceOf(core: Core, id: string): Space {
  core.open();
  const space = core.spaces.get(id);
  if (!space) throw new NotHere();
  return space;
}

/** The space that holds a record, sent or waiting. */
export function spaceWith(core: Core, record: string): Space {
  core.open();
  const found = [...core.spaces.values()].find((space) => space.records.has(record) || space.pending.has(record));
  if (!found) throw new NotHere();
  return found;
}

export interface After {
  readonly rev: number;
  readonly hash: string;
}

export interface Exception {
  /** A predecessor that cannot be shown here. */
  readonly after?: After;
  /** The code of an alarm that does not stop this. */
  readonly despite?: string;
}

/** Seals and queues a new revision (or the first) of a record. */
export async function write(core: Core, space: Space, record: string, content: Content, { after, despite }: Exception = {}): Promise<void> {
  requireWritable(core, space.id, despite ?? null);
  await core.ports.locks.inTurn(`alcove-write-${core.open().account.person}`, async () => {
    const pending = space.pending.get(record) ?? null;
    const entry = await makeEntry(core, space, record, content, pending, after);
    await core.ports.store.write(entryPut(core, entry));
  });
  await refreshOutbox(core, core.outbox.find(({ state }) => state === 'sending')?.entry ?? null);
  core.emitSpaces();
  core.ports.neighbours.tell({ what: 'outbox' });
  core.kickSender();
}

/** A waiting form of the same record is replaced; one that is on its way is followed by a further revision. */
async function makeEntry(core: Core, space: Space, record: string, content: Content, pending: Pending | null, follows?: After): Promise<StoredEntry> {
  const isSending = pending !== null && core.outbox.some(({ entry, state }) => entry === pending.entry && state === 'sending');
  const replaced = pending !== null && !isSending ? await entryOf(core, pending.entry) : null;
  const newest = space.newest(record);
  const base = isSending ? pending.content : (newest?.content ?? null);
  const after = follows ?? (isSending ? { rev: pending.rev, hash: pending.hash } : newest && { rev: newest.head.rev, hash: newest.opened.hash });
  const now_ms = core.ports.clock.now();
  const facts = {
    entry: replaced?.entry ?? entryName(now_ms),
    space: space.id,
    kind: content.kind,
    draft: await sealEntryDraft(core, { content, base }),
    state: replaced?.state === 'conflict' ? ('conflict' as const) : ('waiting' as const),
    refusal: replaced?.state === 'conflict' ? replaced.refusal : null,
    madeAt: new Date(now_ms).toISOString(),
    tries: 0,
    sealing: (replaced?.sealing ?? 0) + 1,
    isOut: false,
  };
  return { ...facts, ...(await sealFor(core, space, record, content, { after, number: numberOf(replaced) })) };
}

/** Seals an entry anew behind what stands at the practice now, perhaps as another record. One step: its words are never without a place. */
export async function rewrite(core: Core, space: Space, entry: string, record: string, content: Content): Promise<void> {
  await core.ports.locks.inTurn(`alcove-write-${core.open().account.person}`, async () => {
    const stored = await entryOf(core, entry);
    if (!stored) throw new NotHere();
    const newest = space.newest(record);
    const after = newest && { rev: newest.head.rev, hash: newest.opened.hash };
    const sealed = await sealFor(core, space, record, content, { after, number: stored.write.record === record ? numberOf(stored) : null });
    const draft = await sealEntryDraft(core, { content, base: newest?.content ?? null });
    await core.ports.store.write(entryPut(core, { ...stored, ...sealed, kind: content.kind, draft, state: 'waiting', refusal: null, tries: 0, sealing: stored.sealing + 1, isOut: false }));
  });
}

/** The number of an entry that the practice cannot have taken: the same record is sealed anew under it. Another is left free, and named as such. */
export function numberOf(stored: Pick<StoredEntry, 'isOut' | 'write'> | null): number | null {
  return stored === null || stored.isOut ? null : stored.write.dev_seq;
}

export interface Order {
  readonly after: After | null;
  /** One that this very record had before, or null for the next. */
  readonly number: number | null;
}

/** Seals in the current epoch, behind a revision. After somebody left, the next key is made first. */
export async function sealFor(core: Core, space: Space, record: string, content: Content, { after, number }: Order): Promise<Pick<StoredEntry, 'write' | 'hash' | 'bytes'>> {
  const { account, keyring } = core.open();
  if (space.roster.rotationPending && space.roster.may(account.person, 'epoch')) {
    await applyChange(core, space, () => rotate(space.held(keyring), { last: space.lastSeqs() }));
  }
  const isFree = number !== null && !space.hasNumber(account.device, number);
  const seq = isFree ? number : await nextSeq(core, space);
  const open = space.openNumbers(account.device, seq);
  const order = { id: record, rev: (after?.rev ?? 0) + 1, prev: after?.hash ?? null, kind: content.kind, dev: account.device, seq, open, dir: account.directory.head };
  const sealed = await sealRecord(space.held(keyring), { ...order, body: contentBytes(content), at: new Date(core.ports.clock.now()) });
  return { write: writeOf(sealed, content), hash: sealed.hash, bytes: sealed.bytes };
}

function writeOf({ header }: SealedRecord, content: Content): Omit<RecordWrite, 'body'> {
  const { id, rev, prev, epoch, seq } = header;
  return { record: id, rev, prev, epoch, dev_seq: seq, open: openOf(content), deleted: content.kind === 'tombstone' };
}

/**
 * The device's own count in a space; the caller holds the writing turn. Never below what it has written already, though its storage may have been put
 * back from a copy: a number that is used twice is refused by everybody.
 */
async function nextSeq(core: Core, space: Space): Promise<number> {
  const key = `${core.prefix}seq/${space.id}`;
  const stored = (await core.ports.store.read<number>('device', key)) ?? 0;
  const seq = Math.max(stored, space.highestCount(core.open().account.device)) + 1;
  await core.ports.store.write(['device', key, seq] satisfies Put);
  return seq;
}
