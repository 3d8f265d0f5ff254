/**
 * The second step of signing in: what waits between the first proof and the second. Keys of the first step stay in memory of this device only, and
 * are dropped with it; the practice hands out nothing before the second.
 */
import { ApiProblem, type Entered, type SecondAsked, type SecondGiven, type SignInAnswer } from '$lib/api';
import type { Core } from './core';
import { NoSecondStep, SecondStepNeeded } from './errors';
import type { SecondStepView, SecondTyped } from './types';

/** A sign-in whose second step is open. */
export interface Pending {
  readonly asked: SecondAsked;
  /** Everything that comes after the practice let the person in. */
  finish(answer: Entered): Promise<void>;
  /** Forgets what the first step left in memory. */
  drop(): void;
}

/** In at once, or what waits for the second step. */
export async function enter(answer: SignInAnswer, { finish, drop = () => undefined }: Pick<Pending, 'finish'> & Partial<Pick<Pending, 'drop'>>): Promise<Pending | null> {
  if ('second' in answer) return { asked: answer.second, finish, drop };
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
    const answer = await this.#core.api.signInSecond(pending.asked.challenge, given).catch((error: unknown) => {
      if (isOver(error)) this.drop();
      throw error;
    });
    this.#pending = null;
    try {
      await pending.finish(answer);
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

function viewOf({ methods, expires_at }: SecondAsked): SecondStepView {
  return { methods, until: expires_at };
}
