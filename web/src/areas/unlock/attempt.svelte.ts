/**
 * An act that the practice may take only with a fresh proof: one at a time, asking for the proof where it is wanted, with words for what refused
 * it. What was typed stays wherever it stands: only an act that was done clears anything. Its page shows `ConfirmYou` with `proving`.
 */
import { faultOf, type Fault } from './faults';
import { NotConfirmed, Proving } from './proving.svelte';

export class Attempt<What extends string = string> {
  /** What is under way. */
  busy = $state<What | null>(null);
  fault = $state.raw<Fault | null>(null);
  readonly proving = new Proving();
  readonly #wordsFor: (failure: unknown) => Fault;

  constructor(wordsFor: (failure: unknown) => Fault = faultOf) {
    this.#wordsFor = wordsFor;
  }

  /** True once it was done; false where it was refused, was not confirmed, or another is under way. */
  async run(what: What, act: () => Promise<unknown>): Promise<boolean> {
    if (this.busy !== null) return false;
    [this.busy, this.fault] = [what, null];
    try {
      await this.proving.run(act);
      return true;
    } catch (failure) {
      if (!(failure instanceof NotConfirmed)) this.fault = this.#wordsFor(failure);
      return false;
    } finally {
      this.busy = null;
    }
  }

  /** What failed before is put away. */
  clear(): void {
    this.fault = null;
  }
}
