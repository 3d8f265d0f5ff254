/**
 * What waits to be sent, on disk: sealed bodies with their idempotency keys, and beside each a draft that only the unlocked device can open, for
 * sealing anew. Entries survive reload, lock and lost connections. This file stores and lists; sending.ts sends.
 */
import { openDraft, sealDraft, utf8, type Bytes } from '$lib/crypto';
import type { RecordWrite } from '$lib/api';
import { readContent, type Content, type Kind } from './bodies';
import type { Core } from './core';
import type { Put } from './ports';
import type { Pending, Space } from './space';
import type { OutboxEntry, Trouble } from './types';

export interface StoredEntry {
  readonly entry: string;
  readonly space: string;
  readonly kind: Kind;
  readonly write: Omit<RecordWrite, 'body'>;
  readonly hash: string;
  readonly bytes: Bytes;
  /** Sealed {@link EntryDraft}. */
  readonly draft: Bytes;
  readonly state: 'waiting' | 'refused' | 'conflict';
  readonly refusal: Trouble | null;
  readonly madeAt: string;
  readonly tries: number;
  /** Counts sealings: each has an idempotency key of its own. */
  readonly sealing: number;
  /** It was sent, and no answer since says that the practice has not taken it. */
  readonly isOut: boolean;
}

/** What an entry says, and what it was written over: enough to merge and seal again. */
export interface EntryDraft {
  readonly content: Content;
  readonly base: Content | null;
}

let made = 0;
/** Names sort by time, so the outbox is sent in the order of writing. */
export function entryName(now_ms: number): string {
  made = (made + 1) % 10_000;
  const random = crypto.randomUUID().slice(0, 8);
  return `${String(now_ms).padStart(15, '0')}-${String(made).padStart(4, '0')}-${random}`;
}

export function entryPut(core: Core, entry: StoredEntry): Put {
  return ['outbox', `${core.prefix}${entry.entry}`, entry];
}

export function entryGone(core: Core, entry: string): Put {
  return ['outbox', `${core.prefix}${entry}`, null];
}

export async function entriesOf(core: Core): Promise<StoredEntry[]> {
  const found = await core.ports.store.list<StoredEntry>('outbox', core.prefix);
  return found.map(([, entry]) => entry);
}

export async function entryOf(core: Core, entry: string): Promise<StoredEntry | null> {
  return core.ports.store.read<StoredEntry>('outbox', `${core.prefix}${entry}`);
}

export function sealEntryDraft(core: Core, { content, base }: EntryDraft): Promise<Bytes> {
  return sealDraft(core.notebook().keys, { content: { ...content }, base: base === null ? null : { ...base } });
}

export async function openEntryDraft(core: Core, { draft }: StoredEntry): Promise<EntryDraft> {
  const { content, base } = await openDraft(core.notebook().keys, draft);
  const read = (value: unknown): Content => {
    const { kind, body } = value as { kind: string; body: unknown };
    return readContent(kind, utf8(JSON.stringify(body)));
  };
  return { content: read(content), base: base === null ? null : read(base) };
}

function entryView({ entry, space, write, kind, state, refusal, madeAt, tries }: StoredEntry, sending: string | null): OutboxEntry {
  const shown = entry === sending ? 'sending' : state === 'waiting' ? 'waiting' : 'refused';
  return { entry, space, record: write.record, kind, state: shown, refusal, madeAt, tries };
}

/** Reads the outbox again and shows it; while unlocked, lays it over the spaces too. */
export async function refreshOutbox(core: Core, sending: string | null = null): Promise<void> {
  const entries = core.account === null ? [] : await entriesOf(core);
  // What devices tell each other is no matter of the person's.
  core.outbox = entries.filter(({ kind }) => kind !== 'pins').map((entry) => entryView(entry, sending));
  if (core.isOpen) await overlay(core, entries);
  core.events.emit('outbox', core.outbox);
}

/** The newest waiting form of each record, opened for the screen. */
async function overlay(core: Core, entries: readonly StoredEntry[]): Promise<void> {
  const bySpace = new Map<string, Map<string, Pending>>();
  for (const stored of entries) {
    const space = core.spaces.get(stored.space);
    if (!space) continue;
    const found = bySpace.get(stored.space) ?? new Map<string, Pending>();
    bySpace.set(stored.space, found);
    found.set(stored.write.record, await pendingOf(core, space, stored));
  }
  for (const space of core.spaces.values()) replace(space, bySpace.get(space.id) ?? new Map<string, Pending>());
}

async function pendingOf(core: Core, space: Space, stored: StoredEntry): Promise<Pending> {
  const { entry, write, hash, madeAt, state } = stored;
  const known = space.pending.get(write.record);
  const content = known?.entry === entry && known.hash === hash ? known.content : (await openEntryDraft(core, stored)).content;
  return { entry, record: write.record, rev: write.rev, hash, content, at: madeAt, state };
}

function replace(space: Space, pending: ReadonlyMap<string, Pending>): void {
  space.pending.clear();
  for (const [record, found] of pending) space.pending.set(record, found);
}
