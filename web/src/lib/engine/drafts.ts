/**
 * Notes while they are written: every batch of keystrokes is sealed on this device within a second; while editing goes on, a draft revision goes to
 * the person's own space every half minute at most. Sharing seals the text anew into the shared space.
 */
import { makeId, utf8 } from '$lib/crypto';
import { readContent, type NoteContent } from './bodies';
import type { Core } from './core';
import { NotePrivate, NothingToShare, NotHere } from './errors';
import { contentOf, remove } from './items';
import type { Space } from './space';
import { troubleOf } from './trouble';
import type { Draft, DraftSaved, Engine, NoteBody } from './types';
import { noteBody } from './views';
import { spaceOf, write } from './writing';

const SEAL_AFTER_MS = 700;
const UPLOAD_EVERY_MS = 30_000;
/** After the device refused to keep the text. */
const SEAL_AGAIN_MS = 5_000;

/** On disk, sealed: the text and, where a shared note is edited, which. */
interface LocalDraft {
  readonly note: NoteContent;
  readonly target: string | null;
  readonly at: string;
}

const nameOf = (space: string, record: string) => `${space}/${record}`;

async function storedDraft(core: Core, space: string, record: string): Promise<LocalDraft | null> {
  const stored = await core.drafts.read(nameOf(space, record));
  if (!stored) return null;
  const { note, target, at } = stored;
  const content = readContent('note', utf8(JSON.stringify(note)));
  return content.kind === 'note' ? { note: content.body, target: (target as string | null) ?? null, at: String(at) } : null;
}

const EMPTY = { type: 'doc', content: [{ type: 'paragraph' }] };

/** Opens a note for writing: a new one, an own one, or the own draft behind a shared one. */
export async function openDraft(core: Core, input: Parameters<Engine['openDraft']>[0]): Promise<NoteDraft> {
  const { space, record, note, target } = await begin(core, input);
  const local = await storedDraft(core, space.id, record);
  return new NoteDraft(core, space, record, local?.note ?? note, local?.target ?? target, local === null ? null : local.at);
}

interface Beginning {
  readonly space: Space;
  readonly record: string;
  readonly note: NoteContent;
  readonly target: string | null;
}

async function begin(core: Core, input: Parameters<Engine['openDraft']>[0]): Promise<Beginning> {
  const given = spaceOf(core, input.space);
  if (input.record === undefined) {
    const note: NoteContent = { title: input.title ?? '', session_on: input.sessionOn ?? null, doc: EMPTY, private: input.private ?? false, shared_from: null, state: 'draft' };
    return { space: ownBehind(core, given), record: makeId('rec', core.ports.clock.now()), note, target: null };
  }
  if (given.kind === 'shared') return behindShared(core, given, input.record);
  const content = given.pending.has(input.record) || given.records.has(input.record) ? contentOf(given, input.record) : null;
  const local = content === null ? await storedDraft(core, given.id, input.record) : null;
  const note = content?.kind === 'note' ? content.body : local?.note;
  if (!note) throw new NotHere();
  return { space: given, record: input.record, note, target: null };
}

/** Notes begin in a space of one's own, whichever space was named. */
function ownBehind(core: Core, given: Space): Space {
  if (given.kind !== 'shared') return given;
  const own = [...core.spaces.values()].find(({ kind, client }) => kind === 'own' && client !== null && client === given.client);
  return own ?? core.notebook();
}

/** The own note that was shared, or a new draft with the shared text where another device's is not here. */
function behindShared(core: Core, shared: Space, record: string): Beginning {
  const content = contentOf(shared, record);
  if (content.kind !== 'note') throw new NotHere();
  const space = ownBehind(core, shared);
  const id = content.body.shared_from?.id ?? null;
  if (id !== null && (space.records.has(id) || space.pending.has(id))) {
    const own = contentOf(space, id);
    if (own.kind === 'note') return { space, record: id, note: own.body, target: record };
  }
  return { space, record: makeId('rec', core.ports.clock.now()), note: { ...content.body, shared_from: null, state: 'draft' }, target: record };
}

/**
 * Drafts that a closed window left behind: they go to the outbox, so that they stand in the list of notes again. Drafts that are open stay alone.
 */
export async function collectDrafts(core: Core, isOpen: (record: string) => boolean): Promise<void> {
  for (const name of await core.drafts.names()) {
    const [id = '', record = ''] = name.split('/');
    const space = core.spaces.get(id);
    if (!space || isOpen(record)) continue;
    const local = await storedDraft(core, id, record);
    // The edit of a shared note whose own note is elsewhere is found again through that shared note only.
    if (local === null || local.target !== null) continue;
    await write(core, space, record, { kind: 'note', body: local.note });
    await core.drafts.remove(name);
  }
}

export class NoteDraft implements Draft {
  readonly #core: Core;
  readonly space: string;
  readonly #target: string | null;
  readonly #listeners = new Set<(saved: DraftSaved) => void>();
  #note: NoteContent;
  #saved: DraftSaved;
  /** Text that is not sealed on this device yet; text that is not uploaded yet. */
  #unsealed = false;
  #unsent = false;
  #uploadedAt_ms = 0;
  #cancelSeal: () => void = () => undefined;
  #cancelUpload: () => void = () => undefined;
  #turn: Promise<void> = Promise.resolve();
  #closed = false;
  readonly record: string;

  constructor(core: Core, own: Space, record: string, note: NoteContent, target: string | null, sealedAt: string | null) {
    this.#core = core;
    this.space = own.id;
    this.record = record;
    this.#note = note;
    this.#target = target;
    this.#unsent = sealedAt !== null;
    const isUploaded = sealedAt === null && (own.records.has(record) || own.pending.has(record));
    this.#saved = { state: sealedAt !== null ? 'device' : isUploaded ? 'uploaded' : 'empty', at: sealedAt, trouble: null };
  }

  /** Found anew each time: after a lock the space is another object. */
  get #own(): Space {
    return spaceOf(this.#core, this.space);
  }
  get private(): boolean {
    return this.#note.private;
  }
  get body(): NoteBody {
    return noteBody(this.#note);
  }
  get saved(): DraftSaved {
    return this.#saved;
  }

  onSaved(listener: (saved: DraftSaved) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  change(body: Partial<Pick<NoteBody, 'title' | 'session_on' | 'doc'>>): void {
    if (this.#closed) return;
    this.#note = { ...this.#note, ...body, state: 'draft' };
    const isWaiting = this.#unsealed;
    this.#unsealed = true;
    this.#unsent = true;
    this.#show({ state: 'typing', at: this.#saved.at, trouble: null });
    // Not a debounce: someone who never pauses is saved every second too.
    if (!isWaiting) this.#cancelSeal = this.#core.ports.clock.after(SEAL_AFTER_MS, () => void this.flush());
  }

  /** Seals what was typed on this device, now. */
  flush(): Promise<void> {
    this.#turn = this.#turn.then(() => this.#seal());
    return this.#turn;
  }

  async finish(): Promise<void> {
    this.#note = { ...this.#note, state: 'final' };
    this.#unsealed = true;
    this.#unsent = true;
    await this.flush();
    await this.#upload();
    this.#end();
  }

  async share(): Promise<{ space: string; record: string }> {
    if (this.#note.private) throw new NotePrivate();
    const { client, kind } = this.#own;
    const shared = [...this.#core.spaces.values()].find((space) => kind === 'own' && space.kind === 'shared' && space.client === client);
    if (!shared) throw new NothingToShare();
    this.#note = { ...this.#note, state: 'final' };
    this.#unsealed = true;
    this.#unsent = true;
    await this.flush();
    await this.#upload();
    const rev = this.#own.pending.get(this.record)?.rev ?? this.#own.newest(this.record)?.head.rev ?? 1;
    const record = this.#target ?? this.#sharedBefore(shared) ?? makeId('rec', this.#core.ports.clock.now());
    await write(this.#core, shared, record, { kind: 'note', body: { ...this.#note, shared_from: { id: this.record, rev } } });
    this.#end();
    return { space: shared.id, record };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    await this.flush();
    if (this.#unsent && this.#core.isOpen) await this.#upload();
    this.#end();
  }

  /** The lock: the text leaves memory. What `flush` sealed before is found again by its record. */
  drop(): void {
    this.#end();
    this.#note = { ...this.#note, title: '', session_on: null, doc: EMPTY };
    this.#listeners.clear();
  }

  async discard(): Promise<void> {
    this.#end();
    await this.#core.drafts.remove(nameOf(this.space, this.record));
    if (this.#own.records.has(this.record) || this.#own.pending.has(this.record)) await remove(this.#core, this.record);
  }

  #sharedBefore(shared: Space): string | null {
    const names = [...shared.records.keys(), ...shared.pending.keys()];
    return names.find((name) => {
      const content = contentOf(shared, name);
      return content.kind === 'note' && content.body.shared_from?.id === this.record;
    }) ?? null;
  }

  async #seal(): Promise<void> {
    if (!this.#unsealed) return;
    this.#cancelSeal();
    this.#unsealed = false;
    const at = new Date(this.#core.ports.clock.now()).toISOString();
    try {
      await this.#core.drafts.put(nameOf(this.space, this.record), { note: { ...this.#note }, target: this.#target, at }, at);
    } catch (error) {
      this.#unsealed = true;
      this.#cancelSeal = this.#core.ports.clock.after(SEAL_AGAIN_MS, () => void this.flush());
      this.#show({ state: 'typing', at: this.#saved.at, trouble: troubleOf(error) });
      return;
    }
    this.#show({ state: 'device', at, trouble: null });
    this.#scheduleUpload();
  }

  #scheduleUpload(): void {
    this.#cancelUpload();
    const wait_ms = Math.max(0, this.#uploadedAt_ms + UPLOAD_EVERY_MS - this.#core.ports.clock.now());
    const first_ms = this.#uploadedAt_ms === 0 ? UPLOAD_EVERY_MS : wait_ms;
    this.#cancelUpload = this.#core.ports.clock.after(first_ms, () => {
      if (!this.#closed && this.#core.isOpen) void this.#upload().catch((error: unknown) => this.#show({ ...this.#saved, trouble: troubleOf(error) }));
    });
  }

  /** Into the outbox: from there it is sent, now or when the connection is back. The local draft goes once its text is in there. */
  async #upload(): Promise<void> {
    this.#cancelUpload();
    if (!this.#unsent) return;
    this.#uploadedAt_ms = this.#core.ports.clock.now();
    const note = this.#note;
    await write(this.#core, this.#own, this.record, { kind: 'note', body: note });
    if (note !== this.#note) return;
    this.#unsent = false;
    await this.#core.drafts.remove(nameOf(this.space, this.record));
    this.#show({ state: 'uploaded', at: new Date(this.#uploadedAt_ms).toISOString(), trouble: null });
  }

  get closed(): boolean {
    return this.#closed;
  }
  /** Something was typed that is not sealed yet. */
  get unsealed(): boolean {
    return this.#unsealed;
  }

  #end(): void {
    this.#closed = true;
    this.#cancelSeal();
    this.#cancelUpload();
  }

  #show(saved: DraftSaved): void {
    this.#saved = saved;
    for (const listener of this.#listeners) listener(saved);
  }
}
