/**
 * One act of a person against the engine: it is under way, it worked, or it failed with words that stay where it was
 * tried. It must not retry by itself and shows nothing.
 */
import type { Engine, Trouble } from '$lib/engine/types';
import { describe, engine } from '$lib/state';

export class Act {
  busy = $state(false);
  trouble = $state.raw<Trouble | null>(null);

  /** Runs it unless it runs already. Gives the value in a box, or null when it failed or was refused. */
  async run<T>(work: (engine: Engine) => Promise<T> | T): Promise<{ value: T } | null> {
    if (this.busy) return null;
    [this.busy, this.trouble] = [true, null];
    try {
      return { value: await work(await engine()) };
    } catch (failure) {
      this.trouble = describe(failure);
      return null;
    } finally {
      this.busy = false;
    }
  }

  /** Takes the words of a failure away. */
  clear(): void {
    this.trouble = null;
  }
}

/** Acts that come faster than they are done: each waits for the one before it, so that their order stays. */
export class Turns {
  trouble = $state.raw<Trouble | null>(null);
  #turn: Promise<unknown> = Promise.resolve();

  /** Runs it in its turn. True when it worked. */
  run(work: (engine: Engine) => Promise<unknown>): Promise<boolean> {
    const mine = this.#turn.then(() => this.#attempt(work));
    this.#turn = mine;
    return mine;
  }

  async #attempt(work: (engine: Engine) => Promise<unknown>): Promise<boolean> {
    this.trouble = null;
    try {
      await work(await engine());
      return true;
    } catch (failure) {
      this.trouble = describe(failure);
      return false;
    }
  }
}
