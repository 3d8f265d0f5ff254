/** What a person carries from joining to the first home: the kit to save, who invited. Memory only; a reload ends it. */
import type { InviteView, KitSheet } from '$lib/engine/types';

class Arrival {
  kit = $state.raw<KitSheet | null>(null);
  invitation = $state.raw<InviteView | null>(null);
  /** When the kit was saved. */
  savedAt = $state<string | null>(null);
}

export const arrival = new Arrival();

/** The first name, as people say it: "Maya Okafor" gives "Maya". */
export function firstName(name: string): string {
  return name.trim().split(/\s+/)[0] ?? name;
}
