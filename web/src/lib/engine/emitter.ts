/** Events of the engine. A listener that throws never stops the others. */
import type { EngineEvents } from './types';

export class Emitter {
  readonly #listeners = new Map<keyof EngineEvents, Set<(value: never) => void>>();

  on<K extends keyof EngineEvents>(event: K, listener: (value: EngineEvents[K]) => void): () => void {
    const known = this.#listeners.get(event) ?? new Set();
    known.add(listener as (value: never) => void);
    this.#listeners.set(event, known);
    return () => known.delete(listener as (value: never) => void);
  }

  emit<K extends keyof EngineEvents>(event: K, value: EngineEvents[K]): void {
    for (const listener of this.#listeners.get(event) ?? []) {
      try {
        (listener as (value: EngineEvents[K]) => void)(value);
      } catch (error) {
        reportError?.(error);
      }
    }
  }
}
