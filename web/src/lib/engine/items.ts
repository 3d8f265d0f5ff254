/** Actions, messages, the welcome and deletions: small typed records, each written whole. */
import { makeId } from '$lib/crypto';
import type { ActionContent, Content, NoteContent } from './bodies';
import type { Core } from './core';
import { NotHere } from './errors';
import { entryGone, entryOf, entryPut, openEntryDraft, refreshOutbox } from './outbox';
import type { Space } from './space';
import { spacePut } from './sync';
import type { Engine } from './types';
import { rewrite, spaceOf, spaceWith, write } from './writing';

/** What a record says now, with what waits laid over it. */
export function contentOf(space: Space, record: string): Content {
  const content = space.pending.get(record)?.content ?? space.newest(record)?.content;
  if (!content) throw new NotHere();
  return content;
}

async function add(core: Core, space: string, content: Content): Promise<string> {
  const record = makeId('rec', core.ports.clock.now());
  await write(core, spaceOf(core, space), record, content);
  return record;
}

export function addAction(core: Core, space: string, { title, detail = '', due_on = null }: Parameters<Engine['addAction']>[1]): Promise<string> {
  return add(core, space, { kind: 'action', body: { title, detail, due_on, done: null, dropped: false } });
}

export async function changeAction(core: Core, record: string, change: Partial<ActionContent>): Promise<void> {
  const space = spaceWith(core, record);
  const content = contentOf(space, record);
  if (content.kind !== 'action') throw new NotHere();
  await write(core, space, record, { kind: 'action', body: { ...content.body, ...change } });
}

/** Completing twice is harmless and keeps the first date. */
export async function completeAction(core: Core, record: string, isDone: boolean): Promise<void> {
  const content = contentOf(spaceWith(core, record), record);
  if (content.kind !== 'action') throw new NotHere();
  if (isDone === (content.body.done !== null)) return;
  const at = new Date(core.ports.clock.now()).toISOString();
  await changeAction(core, record, { done: isDone ? { by: core.open().account.person, at } : null });
}

export function sendMessage(core: Core, space: string, text: string, about: string | null): Promise<string> {
  return add(core, space, { kind: 'message', body: { text, about } });
}

export async function writeWelcome(core: Core, space: string, text: string): Promise<string> {
  const known = [...spaceOf(core, space).records].find(([, revisions]) => revisions.at(-1)?.content.kind === 'welcome')?.[0];
  if (known === undefined) return add(core, space, { kind: 'welcome', body: { text } });
  await write(core, spaceOf(core, space), known, { kind: 'welcome', body: { text } });
  return known;
}

/** A signed deletion. What never left this device is simply dropped. */
export async function remove(core: Core, record: string): Promise<void> {
  const space = spaceWith(core, record);
  const pending = space.pending.get(record);
  const isOnlyHere = !space.records.has(record) && pending && !core.outbox.some(({ entry, state }) => entry === pending.entry && state === 'sending');
  if (isOnlyHere) {
    await core.ports.store.write(entryGone(core, pending.entry));
    await refreshOutbox(core);
    core.emitSpaces();
    return;
  }
  await write(core, space, record, { kind: 'tombstone', body: {} });
}

/** A person chooses between two versions of a note; `both` keeps theirs and makes a new note of mine. */
export async function chooseVersion(core: Core, record: string, keep: 'mine' | 'theirs' | 'both'): Promise<void> {
  const space = spaceWith(core, record);
  const pending = space.pending.get(record);
  if (pending?.state !== 'conflict') throw new NotHere();
  const { content, entry } = pending;
  if (keep === 'theirs') await core.ports.store.write(entryGone(core, entry));
  if (keep === 'mine') await rewrite(core, space, entry, record, content);
  if (keep === 'both' && content.kind === 'note') {
    const copy: NoteContent = { ...content.body, shared_from: null };
    await rewrite(core, space, entry, makeId('rec', core.ports.clock.now()), { kind: 'note', body: copy });
  }
  await refreshOutbox(core);
  core.emitSpaces();
  core.kickSender();
}

/** This device has shown the messages. */
export function markRead(core: Core, id: string): void {
  const space = spaceOf(core, id);
  space.row = { ...space.row, lastReadAt: new Date(core.ports.clock.now()).toISOString() };
  void core.ports.store.write(spacePut(core, space.row));
  core.emitSpaces();
}

export async function retry(core: Core, entry: string): Promise<void> {
  const stored = await entryOf(core, entry);
  if (!stored) throw new NotHere();
  if (stored.state === 'refused') await core.ports.store.write(entryPut(core, { ...stored, state: 'waiting', refusal: null, tries: 0 }));
  await refreshOutbox(core);
  core.kickSender();
}

/** Takes an entry out and gives its words back, so that nothing typed is lost. */
export async function discard(core: Core, entry: string): Promise<string> {
  const stored = await entryOf(core, entry);
  if (!stored) throw new NotHere();
  const { content } = await openEntryDraft(core, stored);
  await core.ports.store.write(entryGone(core, entry));
  await refreshOutbox(core);
  core.emitSpaces();
  return wordsOf(content);
}

function wordsOf({ kind, body }: Content): string {
  if (kind === 'message' || kind === 'welcome') return body.text;
  if (kind === 'action') return [body.title, body.detail].filter((part) => part !== '').join('\n');
  if (kind === 'note') return [body.title, textOf(body.doc)].filter((part) => part !== '').join('\n\n');
  return kind === 'file' ? body.name : '';
}

/** The plain text of a ProseMirror document: blocks become lines. */
export function textOf(doc: unknown): string {
  if (typeof doc !== 'object' || doc === null) return '';
  const { type, text, content } = doc as { type?: string; text?: string; content?: unknown[] };
  if (typeof text === 'string') return text;
  if (type === 'hard_break') return '\n';
  const parts = (content ?? []).map(textOf);
  const isBlock = (content ?? []).some((part) => (part as { content?: unknown; text?: unknown }).text === undefined);
  return parts.join(isBlock ? '\n' : '');
}

