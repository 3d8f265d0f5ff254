/**
 * Members whose account is suspended or closed, as the practice tells those who keep a space. It decides nothing about keys: a keeper's device takes
 * out whose account is closed, for good, and a keeper decides about who is suspended. A practice that lies about it loses readers, and gains none.
 */
import type { Core } from './core';

/** Whether somebody in a space may not come in, as far as the practice said when this device last asked. */
export function awayIn(core: Core, space: string, person: string): 'suspended' | 'closed' | null {
  const seen = core.account?.me.spaces.find((found) => found.space === space);
  // What a device remembers from before this was told has none.
  const state = (seen?.away as { person: string; state: string }[] | undefined)?.find((away) => away.person === person)?.state;
  return state === 'deleted' ? 'closed' : state === 'suspended' ? 'suspended' : null;
}
