/**
 * Every page of the product. An area adds its lines here and keeps the rest in `src/areas/<area>/`.
 * Fixed paths stand before those with parameters.
 */
import type { Route } from '$lib/router';

export const routes = [
  { path: '/', load: () => import('./areas/start/Start.svelte') },
  { path: '/claim', load: () => import('./areas/claim/Claim.svelte'), texts: ['claim', 'unlock'] },
  { path: '/set-up', load: () => import('./areas/set-up/SetUp.svelte'), texts: ['set-up', 'claim', 'kits', 'unlock'] },
  { path: '/sign-in', load: () => import('./areas/sign-in/SignIn.svelte'), texts: ['sign-in', 'kits', 'unlock'] },
  { path: '/i', load: () => import('./areas/join/Join.svelte'), texts: ['join', 'unlock'] },
  { path: '/kit', load: () => import('./areas/join/SaveKit.svelte'), texts: ['join', 'kits', 'unlock'] },
  { path: '/welcome', load: () => import('./areas/join/Welcome.svelte'), texts: ['join'] },
  { path: '/settings', load: () => import('./areas/settings/Settings.svelte'), texts: ['settings', 'unlock'] },
  { path: '/settings/keys', load: () => import('./areas/settings/Keys.svelte'), texts: ['settings', 'unlock'] },
  { path: '/settings/data', load: () => import('./areas/settings/Data.svelte'), texts: ['settings', 'unlock', 'kits'] },
] as const satisfies readonly Route[];

/** The paths that `href` accepts. */
export type AppPath = (typeof routes)[number]['path'];
