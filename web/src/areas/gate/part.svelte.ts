/**
 * A part of the frame that is fetched when it is first wanted. Unlike `{#await}` it keeps nothing of the moment in which it was wanted: with the lock
 * that would be the very pages that the lock takes away.
 */
import type { Component } from 'svelte';

export class Part<Props extends Record<string, unknown> = Record<string, never>> {
  shown = $state.raw<Component<Props> | null>(null);
  failed = $state.raw<unknown>(null);
  readonly #fetch: () => Promise<Component<Props>>;

  constructor(fetch: () => Promise<Component<Props>>) {
    this.#fetch = fetch;
  }

  /** Harmless to call again; after a failure it tries again. */
  async want(): Promise<void> {
    try {
      this.shown = await this.#fetch();
      this.failed = null;
    } catch (failure) {
      this.failed = failure;
    }
  }
}
