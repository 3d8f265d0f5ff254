export { default as Link } from './Link.svelte';
export { default as RouterView } from './RouterView.svelte';
export { currentPath, currentQuery, expectFocus, go, isCurrent, readdress, startRouter, takeFragment, type Route } from './router.svelte';
export { href } from './href';
