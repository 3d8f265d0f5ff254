/**
 * What waits on this device to be gone on with, sealed to the person's own notebook (`alcove-draft/1`). Where the device's storage refuses, the sealed
 * bytes stay in memory until it takes them: readable text never waits for a disk. It knows nothing of what it seals.
 */
import { openDraft, sealDraft, type Bytes } from '$lib/crypto';
import type { Core } from './core';

export interface DraftRow {
  readonly at: string;
  readonly sealed: Bytes;
}

type Fields = Readonly<Record<string, unknown>>;

export class SealedDrafts {
  readonly #core: Core;
  /** What the device's storage did not take, by key. */
  readonly #refused = new Map<string, DraftRow>();

  constructor(core: Core) {
    this.#core = core;
  }

  /** Seals it and puts it in the place of what was there. @throws what the storage said; the sealed bytes are kept nevertheless */
  async put(name: string, fields: Fields, at: string): Promise<void> {
    const key = this.#key(name);
    const row: DraftRow = { at, sealed: await sealDraft(this.#core.notebook().keys, { ...fields }) };
    this.#refused.set(key, row);
    await this.#core.ports.store.write(['drafts', key, row]);
    if (this.#refused.get(key) === row) this.#refused.delete(key);
  }

  async read(name: string): Promise<Fields | null> {
    const key = this.#key(name);
    const row = this.#refused.get(key) ?? (await this.#core.ports.store.read<DraftRow>('drafts', key));
    return row === null ? null : openDraft(this.#core.notebook().keys, row.sealed);
  }

  async remove(name: string): Promise<void> {
    const key = this.#key(name);
    this.#refused.delete(key);
    await this.#core.ports.store.write(['drafts', key, null]);
  }

  /** The names of all drafts of the person who is here. */
  async names(): Promise<string[]> {
    const { prefix, ports } = this.#core;
    const stored = await ports.store.list<DraftRow>('drafts', prefix);
    const keys = new Set([...stored.map(([key]) => key), ...[...this.#refused.keys()].filter((key) => key.startsWith(prefix))]);
    return [...keys].map((key) => key.slice(prefix.length));
  }

  /** The device forgets this person. */
  forget(person: string): void {
    for (const key of this.#refused.keys()) if (key.startsWith(`${person}/`)) this.#refused.delete(key);
  }

  #key(name: string): string {
    return this.#core.prefix + name;
  }
}
