/**
 * The eager face of the engine for screens: reactive values, and `engine()` that loads the chunk with keys when it is first needed.
 * Importing this must not pull in cryptography.
 */
import type { Engine } from '$lib/engine/types';
import { alarms, outbox, session, spaces, transfers } from './mirror.svelte';

export { alarms, outbox, session, spaces, transfers };
export { describe, type Trouble } from '$lib/engine/trouble';
export { watchInput } from './input';

let started: Promise<Engine> | null = null;

/** The engine of this window, started once. After a failed start the next call tries again. */
export function engine(): Promise<Engine> {
  started ??= import('$lib/engine/browser/start').then(({ startEngine }) => startEngine({ session, spaces, outbox, alarms, transfers }));
  started.catch(() => (started = null));
  return started;
}
