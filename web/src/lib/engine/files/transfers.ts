/**
 * Files on their way: sealed once into private storage, uploaded in parts from wherever the practice has them, committed by hash, then told by a
 * signed manifest record. Rows on disk survive reload; what only the keys can do (the manifest) waits for them.
 */
import { makeId, openDraft, openFile, sealDraft, type FileManifest } from '$lib/crypto';
import { ApiProblem, Offline } from '$lib/api';
import { requireWritable } from '../alarms';
import type { FileContent } from '../bodies';
import type { Core } from '../core';
import { DeviceFull, NoFileStore, NotHere } from '../errors';
import { contentOf } from '../items';
import { troubleOf } from '../trouble';
import type { FileSource, Transfer } from '../types';
import { spaceOf, spaceWith, write } from '../writing';

/** The row of an upload. The manifest, with the file's key, is sealed to the person's notebook. */
interface UploadRow {
  readonly id: string;
  readonly space: string;
  readonly record: string;
  readonly file: string;
  readonly total: number;
  readonly sha256: string;
  readonly sealed: Uint8Array<ArrayBuffer>;
  readonly committed: boolean;
  readonly paused: boolean;
}

/** `hash-differs`: the practice holds other bytes than we sealed, and takes the file from the beginning. Others end with what a person does. */
const TEMPORARY = new Set(['hash-differs', 'session-locked', 'factor-needed', 'password-expired', 'too-many-attempts', 'restore-unsigned']);
const WAIT_FIRST_MS = 2_000;
const WAIT_LONGEST_MS = 60_000;
/** Kept free beside the file itself. */
const SPARE_BYTES = 16 * 1024 * 1024;

export class Transfers {
  readonly #core: Core;
  readonly #running = new Map<string, AbortController>();
  readonly #waits = new Map<string, number>();
  /** Stopped while they were being sealed: what comes of it is thrown away. */
  readonly #stopped = new Set<string>();

  constructor(core: Core) {
    this.#core = core;
  }

  /** After a start or an unlock: goes on with every upload that is not paused. */
  async resumeAll(): Promise<void> {
    for (const row of await this.#rows()) {
      const known = this.#core.transfers.find(({ id }) => id === row.id);
      const view = await this.#viewOf(row);
      // A lock takes the names away.
      this.#show(known === undefined ? view : { ...known, name: view.name });
      if (!row.paused) void this.#upload(row.id);
    }
  }

  /** Seals the file on this device and begins the upload. Resolves once it is sealed: from then on a reload loses nothing. */
  async send(space: string, source: FileSource, note: string): Promise<Transfer> {
    requireWritable(this.#core, space);
    const { id: into } = spaceOf(this.#core, space);
    await this.#requireTaken(source.size);
    await this.#requireRoom(source.size);
    const [id, file] = [makeId('rec'), makeId('fil')];
    const transfer: Transfer = { id, direction: 'up', space: into, record: null, file, name: source.name, size: source.size, done: 0, total: source.size, state: 'sealing', trouble: null };
    this.#show(transfer);
    try {
      const row = await this.#seal(transfer, source, note);
      if (this.#stopped.delete(id)) return await this.#throwAway(transfer);
      void this.#upload(id);
      return this.#show({ ...transfer, total: row.total, record: row.record, state: 'waiting' });
    } catch (error) {
      await this.#core.ports.files.remove(file);
      this.#show({ ...transfer, state: 'refused', trouble: troubleOf(error) });
      throw error;
    }
  }

  /** @throws {@link NoFileStore} where files live in memory only and this one is too large for that. */
  async #requireTaken(size: number): Promise<void> {
    const largest = await this.#core.ports.files.largest();
    if (largest !== null && size > largest) throw new NoFileStore(Math.floor(largest / 2 ** 20));
  }

  async #requireRoom(size: number): Promise<void> {
    const free = await this.#core.ports.files.free();
    // Padding adds an eighth at most.
    const needed = Math.ceil(size * 1.125) + SPARE_BYTES;
    if (free !== null && free < needed) throw new DeviceFull(needed, free);
  }

  async #seal(transfer: Transfer, source: FileSource, note: string): Promise<UploadRow> {
    const { id, space, file } = transfer;
    const { total, manifest: facts } = await this.#core.ports.files.seal(file, source, (done) => this.#change(id, { done, total: Math.max(done, transfer.total) }));
    const content: FileContent = { file, ...facts, name: source.name, type: source.type === '' ? 'application/octet-stream' : source.type, note };
    const sealed = await sealDraft(this.#core.notebook().keys, { ...content });
    const row: UploadRow = { id, space, record: makeId('rec', this.#core.ports.clock.now()), file, total, sha256: facts.sha256, sealed, committed: false, paused: false };
    await this.#keep(row);
    return row;
  }

  async #upload(id: string): Promise<void> {
    const core = this.#core;
    if (this.#running.has(id) || core.account === null) return;
    const abort = new AbortController();
    this.#running.set(id, abort);
    try {
      await core.ports.locks.alone(`alcove-transfer-${id}`, () => this.#uploadParts(id, abort.signal));
    } catch (error) {
      if (!abort.signal.aborted) await this.#failed(id, error);
    } finally {
      this.#running.delete(id);
    }
  }

  async #uploadParts(id: string, signal: AbortSignal): Promise<void> {
    const core = this.#core;
    const row = await this.#row(id);
    if (!row || row.paused) return;
    if (!row.committed) {
      const stored = await core.ports.files.open(row.file);
      if (!stored) throw new NotHere();
      const { received, part_bytes } = await core.api.beginFile(row.space, { file: row.file, size: row.total, sha256: row.sha256 });
      let at = received;
      while (at < row.total) {
        signal.throwIfAborted();
        this.#change(id, { done: at, total: row.total, state: 'moving', trouble: null });
        at = await this.#putPart(row, at, stored.slice(at, at + part_bytes), signal);
      }
      this.#change(id, { done: row.total, state: 'checking' });
      await core.api.commitFile(row.file);
      await this.#keep({ ...row, committed: true });
    }
    await this.#tellManifest({ ...row, committed: true });
  }

  async #putPart({ file }: UploadRow, at: number, part: Blob, signal: AbortSignal): Promise<number> {
    try {
      return (await this.#core.api.putPart(file, at, part, signal)).received;
    } catch (error) {
      const received = error instanceof ApiProblem && error.code === 'offset-moved' ? error.facts['received'] : null;
      if (typeof received === 'number') return received;
      throw error;
    }
  }

  /** The record that tells the others of the file, once the practice has all of it. Needs the keys; while locked it waits. */
  async #tellManifest(row: UploadRow): Promise<void> {
    const core = this.#core;
    if (!core.isOpen || !core.spaces.has(row.space)) {
      this.#change(row.id, { state: 'waiting' });
      return;
    }
    const body = (await openDraft(core.notebook().keys, row.sealed)) as unknown as FileContent;
    await write(core, spaceOf(core, row.space), row.record, { kind: 'file', body });
    await core.ports.store.write(['transfers', `${core.prefix}${row.id}`, null]);
    await core.ports.files.remove(row.file);
    this.#change(row.id, { state: 'done', record: row.record });
  }

  async #failed(id: string, error: unknown): Promise<void> {
    const code = error instanceof ApiProblem ? error.code : null;
    const isTemporary = error instanceof Offline || (code !== null && TEMPORARY.has(code)) || (error instanceof ApiProblem && error.status >= 500);
    this.#change(id, { state: isTemporary ? 'waiting' : 'refused', trouble: troubleOf(error) });
    if (!isTemporary) return;
    const wait_ms = this.#waits.get(id) ?? WAIT_FIRST_MS;
    this.#waits.set(id, Math.min(wait_ms * 2, WAIT_LONGEST_MS));
    this.#core.ports.clock.after(wait_ms, () => void this.#upload(id));
  }

  async pause(id: string): Promise<void> {
    const row = await this.#row(id);
    if (row) await this.#keep({ ...row, paused: true });
    this.#running.get(id)?.abort();
    this.#change(id, { state: 'paused' });
  }

  async resume(id: string): Promise<void> {
    const row = await this.#row(id);
    if (row) await this.#keep({ ...row, paused: false });
    this.#change(id, { state: 'waiting', trouble: null });
    void this.#upload(id);
  }

  async cancel(id: string): Promise<void> {
    this.#running.get(id)?.abort();
    const known = this.#core.transfers.find((transfer) => transfer.id === id);
    if (known?.state === 'sealing') this.#stopped.add(id);
    const row = await this.#row(id);
    if (row) await this.#throwAway(row);
    this.#core.transfers = this.#core.transfers.filter((transfer) => transfer.id !== id);
    this.#core.events.emit('transfers', this.#core.transfers);
  }

  async #throwAway<T extends { readonly id: string; readonly file: string }>(upload: T): Promise<T> {
    await this.#core.ports.store.write(['transfers', `${this.#core.prefix}${upload.id}`, null]);
    await this.#core.ports.files.remove(upload.file);
    return upload;
  }

  /** Downloads, checks the hash of the whole, then opens. A download that broke off goes on where it was. */
  async fetch(record: string): Promise<{ name: string; type: string; size: number; blob: Blob }> {
    const space = spaceWith(this.#core, record);
    const content = contentOf(space, record);
    if (content.kind !== 'file') throw new NotHere();
    const { file, name, type, size } = content.body;
    const id = `down/${record}`;
    this.#show({ id, direction: 'down', space: space.id, record, file, name, size, done: 0, total: size, state: 'moving', trouble: null });
    try {
      const blob = await this.#download(id, content.body);
      this.#change(id, { state: 'done' });
      return { name, type, size, blob };
    } catch (error) {
      this.#change(id, { state: 'refused', trouble: troubleOf(error) });
      throw error;
    }
  }

  async #download(id: string, manifest: FileContent): Promise<Blob> {
    const { files } = this.#core.ports;
    const local = `down-${manifest.file}`;
    await this.#requireTaken(manifest.size);
    const { size: total } = await this.#core.api.fileState(manifest.file);
    const from = (await files.open(local))?.size ?? 0;
    if (from < total) {
      await this.#requireRoom(total - from);
      const response = await this.#core.api.fileContent(manifest.file, from, new AbortController().signal);
      const start = response.status === 206 ? from : 0;
      if (response.body) await files.write(local, start, response.body, (done) => this.#change(id, { done, total }));
    }
    this.#change(id, { done: total, total, state: 'checking' });
    try {
      return await this.#open(local, manifest);
    } finally {
      await files.remove(local);
    }
  }

  async #open(local: string, manifest: FileManifest & { type: string }): Promise<Blob> {
    const stored = await this.#core.ports.files.open(local);
    if (!stored) throw new NotHere();
    const plain = await openFile(() => stored.stream(), manifest);
    // Typed as it is, but never as a page of ours: what opens it decides.
    return new Response(plain as ReadableStream<Uint8Array<ArrayBuffer>>).blob().then((blob) => blob.slice(0, blob.size, safeType(manifest.type)));
  }

  async #rows(): Promise<UploadRow[]> {
    return (await this.#core.ports.store.list<UploadRow>('transfers', this.#core.prefix)).map(([, row]) => row);
  }
  #row(id: string): Promise<UploadRow | null> {
    return this.#core.ports.store.read<UploadRow>('transfers', `${this.#core.prefix}${id}`);
  }
  async #keep(row: UploadRow): Promise<void> {
    await this.#core.ports.store.write(['transfers', `${this.#core.prefix}${row.id}`, row]);
  }

  async #viewOf({ id, space, record, file, total, sealed, paused }: UploadRow): Promise<Transfer> {
    const isOpen = this.#core.isOpen;
    const { name, size } = isOpen ? ((await openDraft(this.#core.notebook().keys, sealed)) as unknown as FileContent) : { name: null, size: total };
    return { id, direction: 'up', space, record, file, name, size, done: 0, total, state: paused ? 'paused' : 'waiting', trouble: null };
  }

  #show(transfer: Transfer): Transfer {
    const { transfers } = this.#core;
    const isKnown = transfers.some(({ id }) => id === transfer.id);
    this.#core.transfers = isKnown ? transfers.map((known) => (known.id === transfer.id ? transfer : known)) : [...transfers, transfer];
    this.#core.events.emit('transfers', this.#core.transfers);
    return transfer;
  }

  #change(id: string, change: Partial<Transfer>): void {
    const known = this.#core.transfers.find((transfer) => transfer.id === id);
    if (known) this.#show({ ...known, ...change });
  }
}

/** Types that a browser would run in our origin are handed out as plain bytes. */
function safeType(type: string): string {
  return /^(text\/html|image\/svg|application\/xhtml|text\/xml|application\/xml)/i.test(type) ? 'application/octet-stream' : type;
}
