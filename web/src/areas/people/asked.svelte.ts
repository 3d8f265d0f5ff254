/** Something that the practice is asked for when a page opens: not here yet, here, or refused with words. */
import type { Engine, Trouble } from '$lib/engine/types';
import { describe, engine } from '$lib/state';

export class Asked<T> {
  value = $state.raw<T | null>(null);
  trouble = $state.raw<Trouble | null>(null);
  readonly #ask: (engine: Engine) => Promise<T>;

  constructor(ask: (engine: Engine) => Promise<T>) {
    this.#ask = ask;
    void this.again();
  }

  async again(): Promise<void> {
    try {
      [this.value, this.trouble] = [await this.#ask(await engine()), null];
    } catch (failure) {
      this.trouble = describe(failure);
    }
  }
}
