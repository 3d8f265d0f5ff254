/** Which two notes a session has begun: a lock or a reload on the same day comes back to them; leaving the session ends that. */
import type { Engine } from '$lib/engine/types';

type Kind = 'shared' | 'private';

export class BegunNotes {
  readonly #engine: Pick<Engine, 'typed' | 'keepTyped'>;
  readonly #place: string;
  #kept: Readonly<Record<string, string>>;

  constructor(engine: Pick<Engine, 'typed' | 'keepTyped'>, client: string, today: string) {
    this.#engine = engine;
    this.#place = `session/${client}`;
    const before = engine.typed(this.#place);
    this.#kept = before?.['on'] === today ? before : { on: today };
  }

  /** What to open a draft with. */
  which(kind: Kind): { record?: string } {
    const record = this.#kept[kind];
    return record === undefined ? {} : { record };
  }

  /** The draft got its record. */
  name(kind: Kind, record: string): void {
    this.#kept = { ...this.#kept, [kind]: record };
    this.#engine.keepTyped(this.#place, this.#kept);
  }

  /** Harmless at a lock: nothing is taken then. */
  end(): void {
    this.#engine.keepTyped(this.#place, null);
  }
}
