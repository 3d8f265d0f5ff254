/**
 * The fields of one form while people type in them. What stands there waits while one looks elsewhere, is sealed at a lock and is back after it; the
 * engine keeps it. To be made while a component starts; it must not decide when a form was used.
 */
import { untrack } from 'svelte';
import { engine } from '$lib/state';

type Fields = Record<string, string>;

export class TypedInto<F extends Fields> {
  /** To bind inputs to. */
  readonly fields: F = $state({} as F);
  readonly #place: () => string;
  #start: F;
  readonly #isWorth: (fields: F) => boolean;
  #isHere = $state(false);
  #keptAt = '';

  /** `isWorth`: whether there is anything to keep; without it, any difference from how the form began. */
  constructor(place: () => string, start: F, isWorth?: (fields: F) => boolean) {
    Object.assign(this.fields, start);
    this.#place = place;
    this.#start = start;
    this.#isWorth = isWorth ?? ((now) => Object.entries(this.#start).some(([name, value]) => now[name] !== value));
    $effect.pre(() => void untrack(() => this.#find()));
    $effect(() => {
      const now = $state.snapshot(this.fields) as F;
      const at = this.#place();
      if (this.#isHere) untrack(() => void this.#keep(at, now));
    });
  }

  /** The form was used, or given up: as it began, and nothing is kept. */
  clear(): void {
    Object.assign(this.fields, this.#start);
    this.#forget();
  }

  /** The form was used, and what stands there now is how it begins from here on. */
  use(): void {
    this.#start = { ...this.fields };
    this.#forget();
  }

  #forget(): void {
    const at = this.#place();
    void engine().then((known) => known.keepTyped(at, null));
  }

  async #find(): Promise<void> {
    const known = await engine();
    const kept = known.typed(this.#place());
    if (kept) for (const name of Object.keys(this.#start)) if (name in kept) Object.assign(this.fields, { [name]: kept[name] });
    this.#keptAt = this.#place();
    this.#isHere = true;
  }

  /** What is typed goes along when its place gets another name. */
  async #keep(at: string, now: F): Promise<void> {
    const known = await engine();
    if (this.#keptAt !== at) known.keepTyped(this.#keptAt, null);
    this.#keptAt = at;
    known.keepTyped(at, this.#isWorth(now) ? now : null);
  }
}
