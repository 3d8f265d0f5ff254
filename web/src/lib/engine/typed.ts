/**
 * What stands typed in the fields of a form and is used by nothing yet, by place. Within a second it is sealed on this device, as drafts of notes are;
 * a lock takes it out of memory, and unlocking brings it back. It knows no forms: a place is a name, what stands there are texts.
 */
import type { Core } from './core';
import type { TypedFields } from './types';

const SEAL_AFTER_MS = 700;
const PREFIX = 'typed/';

export class Typed {
  readonly #core: Core;
  readonly #fields = new Map<string, TypedFields>();
  readonly #unsealed = new Set<string>();
  #cancel: () => void = () => undefined;
  #turn: Promise<void> = Promise.resolve();

  constructor(core: Core) {
    this.#core = core;
  }

  at(place: string): TypedFields | null {
    return this.#fields.get(place) ?? null;
  }

  /** Call on every change; null forgets. Nothing is taken while no keys are here. */
  keep(place: string, fields: TypedFields | null): void {
    if (!this.#core.isOpen || JSON.stringify(fields) === JSON.stringify(this.at(place))) return;
    if (fields === null) this.#fields.delete(place);
    else this.#fields.set(place, { ...fields });
    const isWaiting = this.#unsealed.size > 0;
    this.#unsealed.add(place);
    // Not a debounce: someone who never pauses is kept every second, too.
    if (!isWaiting) this.#later();
  }

  get unsealed(): boolean {
    return this.#unsealed.size > 0;
  }

  /** Seals what is not sealed yet, now. What the device refuses is tried again. */
  flush(): Promise<void> {
    this.#turn = this.#turn.then(() => this.#sealAll());
    return this.#turn;
  }

  /** Keys are here: opens what was sealed. */
  async open(): Promise<void> {
    const names = (await this.#core.drafts.names()).filter((name) => name.startsWith(PREFIX));
    for (const name of names) {
      const fields = await this.#core.drafts.read(name).catch(() => null);
      if (fields !== null) this.#fields.set(name.slice(PREFIX.length), textsOf(fields));
    }
  }

  /** The lock: nothing readable stays. */
  drop(): void {
    this.#cancel();
    this.#fields.clear();
    this.#unsealed.clear();
  }

  #later(): void {
    this.#cancel();
    this.#cancel = this.#core.ports.clock.after(SEAL_AFTER_MS, () => void this.flush());
  }

  async #sealAll(): Promise<void> {
    this.#cancel();
    const places = [...this.#unsealed];
    this.#unsealed.clear();
    for (const place of places) {
      try {
        await this.#seal(place);
      } catch {
        if (!this.#core.isOpen) return;
        // Full, or no notebook yet. Sending it will say what is wrong; until then it is tried with the next change or lock.
        this.#unsealed.add(place);
        this.#later();
      }
    }
  }

  #seal(place: string): Promise<void> {
    const fields = this.#fields.get(place);
    const { drafts, ports } = this.#core;
    return fields === undefined ? drafts.remove(PREFIX + place) : drafts.put(PREFIX + place, fields, new Date(ports.clock.now()).toISOString());
  }
}

function textsOf(fields: Readonly<Record<string, unknown>>): TypedFields {
  return Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
