import type { Practice } from '$lib/practice.svelte';

/** Where a person goes who opens the practice's bare address. */
export function destination(practice: Practice): string {
  return practice.state === 'active' ? '/sign-in' : '/claim';
}
