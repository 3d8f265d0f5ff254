export { default as Link } from './Link.svelte';
export { default as RouterView } from './RouterView.svelte';
export { currentPath, currentQuery, expectFocus, go, href, isCurrent, startRouter, takeFragment, type Route } from './router.svelte';
