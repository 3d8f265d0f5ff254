/**
 * Acts that the practice takes only from somebody who proved lately that they are there. When it refuses one for that, this asks, and does the act
 * again. It must not keep what is typed: the act does, wherever it stands.
 */
import { codeOf } from './faults';

/** The act waits undone: the person closed the question. */
export class NotConfirmed extends Error {
  override readonly name = 'NotConfirmed';
}

/** Whether an error asks for a fresh proof. */
export function needsProof(error: unknown): boolean {
  return ['proof-too-old', 'ProofNeeded'].includes(codeOf(error));
}

export class Proving {
  /** The question is open. */
  asks = $state(false);
  #answer: ((confirmed: boolean) => void) | null = null;

  /** @throws {@link NotConfirmed} and what the act refuses */
  async run<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (failure) {
      if (!needsProof(failure)) throw failure;
    }
    if (!(await this.#ask())) throw new NotConfirmed();
    return act();
  }

  /** The person confirmed, or closed the question. */
  answer(confirmed: boolean): void {
    this.asks = false;
    this.#answer?.(confirmed);
    this.#answer = null;
  }

  #ask(): Promise<boolean> {
    this.asks = true;
    return new Promise((resolve) => (this.#answer = resolve));
  }
}
