/** A list that comes page by page, the newest first. */
import type { Engine } from '$lib/engine/types';
import { engine } from '$lib/state';

interface Page<T> {
  readonly items: readonly T[];
  /** What to ask for the next page with; null on the last one. */
  readonly next: number | null;
}

export class Paged<T> {
  /** What has come; null before the first page. */
  items = $state.raw<readonly T[] | null>(null);
  next = $state<number | null>(null);
  busy = $state(false);
  failed = $state(false);
  readonly #fetch: (engine: Engine, before: number | null) => Promise<Page<T>>;

  constructor(fetch: (engine: Engine, before: number | null) => Promise<Page<T>>) {
    this.#fetch = fetch;
  }

  /** The first page, or one more. */
  load = async (): Promise<void> => {
    if (this.busy) return;
    [this.busy, this.failed] = [true, false];
    try {
      const page = await this.#fetch(await engine(), this.next);
      [this.items, this.next] = [[...(this.items ?? []), ...page.items], page.next];
    } catch {
      this.failed = true;
    } finally {
      this.busy = false;
    }
  };
}
