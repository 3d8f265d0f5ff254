/**
 * The second step of signing in: what waits between the first proof and the second. Keys of the first step stay in memory of this device only, and
 * are dropped with it; the practice hands out nothing before the second.
 */
import { ApiProblem, type Entered, type SecondAsked, type SecondGiven, type SignInAnswer } from '$lib/api';
import type { Core } from './core';
import { NoSecondStep, SecondStepNeeded } from './errors';
import type { SecondStepView, SecondTyped } from './types';

/** A sign-in, or an unlocking, whose second step is open. */
export interface Pending {
  readonly asked: Pick<SecondAsked, 'methods' | 'key'>;
  /** Gives it to the practice; refused, it stays open. What comes once the practice let the person in is to be done then. */
  give(given: SecondGiven): Promise<() => Promise<void>>;
  /** Forgets what the first step left in memory. */
  drop(): void;
}

interface Rest {
  /** Everything that comes after the practice let the person in. */
  finish(answer: Entered): Promise<void>;
  drop?(): void;
}

/** In at once, or what waits for the second step. */
export async function enter(core: Core, answer: SignInAnswer, { finish, drop = () => undefined }: Rest): Promise<Pending | null> {
  if ('second' in answer) {
    const { second: asked } = answer;
    const give = async (given: SecondGiven) => {
      const entered = await core.api.signInSecond(asked.challenge, given);
      return () => finish(entered);
    };
    return { asked, give, drop };
  }
  try {
    await finish(answer);
  } finally {
    drop();
  }
  return null;
}

/** Holds at most one open second step. */
export class SecondStep {
  readonly #core: Core;
  #pending: Pending | null = null;

  constructor(core: Core) {
    this.#core = core;
  }

  /** Runs a first step; gives what is asked now, or null when the person is in. */
  async first(run: () => Promise<Pending | null | void>): Promise<SecondStepView | null> {
    this.drop();
    try {
      this.#pending = (await run()) ?? null;
    } catch (error) {
      if (!(error instanceof SecondStepNeeded)) throw error;
      this.#pending = error.pending;
    }
    return this.#pending && viewOf(this.#pending.asked);
  }

  /** @throws {@link NoSecondStep}, and the practice's refusal: the step stays open until its tries are used up */
  async give(typed: SecondTyped): Promise<void> {
    const pending = this.#pending;
    if (pending === null) throw new NoSecondStep();
    const given = await this.#given(pending, typed);
    const goOn = await pending.give(given).catch((error: unknown) => {
      if (isOver(error)) this.drop();
      throw error;
    });
    this.#pending = null;
    try {
      await goOn();
    } finally {
      pending.drop();
    }
  }

  drop(): void {
    this.#pending?.drop();
    this.#pending = null;
  }

  async #given({ asked }: Pending, typed: SecondTyped): Promise<SecondGiven> {
    if (typed.kind === 'totp') return { totp: typed.code.replace(/\s/g, '') };
    if (typed.kind === 'recovery') return { recovery: typed.code.trim() };
    if (asked.key === null) throw new NoSecondStep();
    return { key: await this.#core.ports.passkeys.useKey(asked.key) };
  }
}

function isOver(error: unknown): boolean {
  if (!(error instanceof ApiProblem)) return false;
  return error.code === 'sign-in-expired' || (error.code === 'second-factor-failed' && error.facts['tries_left'] === 0);
}

function viewOf({ methods }: Pending['asked']): SecondStepView {
  return { methods };
}
