/**
 * Every page of the product. An area adds its lines here and keeps the rest in `src/areas/<area>/`.
 * Fixed paths stand before those with parameters.
 */
import type { Route } from '$lib/router';

export const routes = [
  { path: '/', load: () => import('./areas/start/Start.svelte') },
] as const satisfies readonly Route[];

/** The paths that `href` accepts. */
export type AppPath = (typeof routes)[number]['path'];
