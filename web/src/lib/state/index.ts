/**
 * The eager face of the engine for screens: reactive values, and `engine()` that loads the chunk with keys when it is first needed.
 * Importing this must not pull in cryptography.
 */
import type { Engine } from '$lib/engine/types';
import { loadTexts } from '$lib/i18n';
import { alarms, outbox, session, spaces, transfers } from './mirror.svelte';

export { alarms, outbox, session, spaces, transfers };
export type { Trouble } from '$lib/engine/types';
export { describe, inOne, tell, type Tellable, type Told } from './trouble';
export { watchInput } from './input';

/** The keys, and the words for what they may refuse. */
async function start(): Promise<Engine> {
  const [{ startEngine }] = await Promise.all([import('$lib/engine/browser/start'), loadTexts(['trouble'])]);
  return startEngine({ session, spaces, outbox, alarms, transfers });
}

let started: Promise<Engine> | null = null;

/** The engine of this window, started once. After a failed start the next call tries again. */
export function engine(): Promise<Engine> {
  started ??= start();
  started.catch(() => (started = null));
  return started;
}
