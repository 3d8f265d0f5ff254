/** The idle lock: fifteen minutes without input, and the keys leave memory. Session mode holds it open visibly, three hours at most. */
import type { Clock } from './ports';

export const IDLE_MS = 15 * 60_000;
const HOLD_MAX_MIN = 180;

export interface IdleState {
  readonly locksAt: number | null;
  readonly heldUntil: number | null;
}

export class IdleLock {
  readonly #clock: Clock;
  readonly #expired: () => void;
  readonly #shown: (state: IdleState) => void;
  #last_ms = 0;
  #held_ms: number | null = null;
  #running = false;
  #cancel: () => void = () => undefined;

  constructor(clock: Clock, expired: () => void, shown: (state: IdleState) => void = () => undefined) {
    this.#clock = clock;
    this.#expired = expired;
    this.#shown = shown;
  }

  /** Keys are in memory from now on. */
  start(): void {
    this.#running = true;
    this.#held_ms = null;
    this.#last_ms = this.#clock.now();
    this.#arm();
  }

  stop(): void {
    this.#running = false;
    this.#held_ms = null;
    this.#cancel();
    this.#shown({ locksAt: null, heldUntil: null });
  }

  /** An input. One that comes after the time was up (a device that slept) locks instead: whoever woke it must unlock. */
  touch(): void {
    if (!this.#running) return;
    if (this.#clock.now() >= this.#locksAt()) return this.#expire();
    this.#last_ms = this.#clock.now();
    this.#arm();
  }

  /** A window that is looked at again locks at once if its time was up; looking is no input. */
  check(): void {
    if (this.#running && this.#clock.now() >= this.#locksAt()) this.#expire();
  }

  /** Holds the lock open for so many minutes; 0 ends it. */
  hold(minutes: number): void {
    if (!this.#running) return;
    const now = this.#clock.now();
    this.#held_ms = minutes > 0 ? now + Math.min(minutes, HOLD_MAX_MIN) * 60_000 : null;
    this.#last_ms = now;
    this.#arm();
  }

  #locksAt(): number {
    return Math.max(this.#last_ms + IDLE_MS, this.#held_ms ?? 0);
  }

  #arm(): void {
    this.#cancel();
    const at = this.#locksAt();
    this.#cancel = this.#clock.after(at - this.#clock.now(), () => {
      if (this.#clock.now() >= this.#locksAt()) this.#expire();
      else this.#arm();
    });
    this.#shown({ locksAt: at, heldUntil: this.#held_ms });
  }

  #expire(): void {
    this.stop();
    this.#expired();
  }
}
