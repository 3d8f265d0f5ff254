/**
 * Where the person is, over the History API. Links are ordinary `<a href>`; this module follows those that lead to
 * one of our routes. It must not know any area, and never logs an address: a fragment may hold a secret.
 */
import { tick, type Component } from 'svelte';
import { findRoute } from './paths';

/** A page: fetched when first visited. Its component gets the path's parameters as props. */
export interface Route {
  path: string;
  // Each page names its own props, so their type cannot be said here.
  load: () => Promise<{ default: Component<any> }>;
  /** The frame around the page; it stays in place between pages that name the same one. */
  shell?: () => Promise<{ default: Component<any> }>;
  /** Text files of the area (`locales/en/<name>.ftl`), fetched before the page shows. */
  texts?: readonly string[];
}

interface KeptState {
  scroll?: number;
}

const here = $state({ path: location.pathname, search: location.search });
let known: readonly { path: string }[] = [];
let focusDue = false;
let scrollDue: number | null = null;

/** The path in the address bar, without query and fragment. */
export function currentPath(): string {
  return here.path;
}

/** The query in the address bar. */
export function currentQuery(): URLSearchParams {
  return new URLSearchParams(here.search);
}

/** True when the address is this page or, unless `exact`, a page below it. */
export function isCurrent(address: string, exact = false): boolean {
  const path = address.split(/[?#]/)[0] as string;
  return here.path === path || (!exact && path !== '/' && here.path.startsWith(`${path}/`));
}

/** Goes to an address of ours. With `replace` the present one leaves the history. */
export function go(address: string, { replace = false }: { replace?: boolean } = {}): void {
  const url = new URL(address, location.href);
  if (url.origin !== location.origin) throw new Error('The router only goes to pages of this practice');
  keepScroll();
  const samePage = url.href === location.href;
  history[replace || samePage ? 'replaceState' : 'pushState']({} satisfies KeptState, '', url);
  arrive(0);
}

/** Gives the present page another address of the same route, without leaving it: a new note has its own once it is kept. */
export function readdress(address: string): void {
  history.replaceState(history.state, '', address);
  here.path = location.pathname;
  here.search = location.search;
}

/** Takes the fragment out of the address bar and the history, and returns it without `#`. For links that carry a secret. */
export function takeFragment(): string {
  const fragment = location.hash.slice(1);
  if (fragment) history.replaceState(history.state, '', location.pathname + location.search);
  return fragment;
}

/** Starts following links and the back button. Returns the way to stop. */
export function startRouter(routes: readonly { path: string }[]): () => void {
  known = routes;
  history.scrollRestoration = 'manual';
  document.addEventListener('click', followLink);
  window.addEventListener('popstate', comeBack);
  document.addEventListener('error', dropSheet, true);
  return () => {
    document.removeEventListener('click', followLink);
    window.removeEventListener('popstate', comeBack);
    document.removeEventListener('error', dropSheet, true);
  };
}

/** A sheet that could not be fetched is taken out, so that the next visit to its page fetches it again. */
function dropSheet(event: Event): void {
  const { target } = event;
  if (target instanceof HTMLLinkElement && target.rel === 'stylesheet') target.remove();
}

/** Called once a page stands: the heading takes focus, the scroll place comes back. */
export async function settle(): Promise<void> {
  await tick();
  focusHeading(document.querySelector<HTMLElement>('#app h1'));
  if (scrollDue !== null) restoreScroll(scrollDue);
  scrollDue = null;
}

/** The next page that stands takes focus, though the address stays: after the lock was opened. */
export function expectFocus(): void {
  focusDue = true;
}

/** Pages that fetch are short at first: keeps trying for a second, unless the person scrolls. */
function restoreScroll(place: number): void {
  const arrived = () => {
    window.scrollTo(0, place);
    return Math.abs(window.scrollY - place) < 1;
  };
  if (arrived()) return;
  const growth = new ResizeObserver(() => arrived() && growth.disconnect());
  growth.observe(document.body);
  const stop = () => growth.disconnect();
  setTimeout(stop, 1000);
  for (const act of ['wheel', 'touchstart', 'keydown']) window.addEventListener(act, stop, { once: true, passive: true });
}

/** Gives focus to the page's heading, if a navigation still waits for one. */
export function focusHeading(heading: HTMLElement | null): void {
  if (!heading || !focusDue) return;
  focusDue = false;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

function arrive(scroll: number): void {
  focusDue ||= here.path !== location.pathname;
  scrollDue = scroll;
  here.path = location.pathname;
  here.search = location.search;
}

function comeBack(): void {
  const kept = history.state as KeptState | null;
  arrive(kept?.scroll ?? 0);
}

function keepScroll(): void {
  history.replaceState({ scroll: window.scrollY } satisfies KeptState, '');
}

function followLink(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = (event.target as Element | null)?.closest?.('a');
  if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
  const onThisPage = link.pathname === location.pathname && link.search === location.search;
  if ((onThisPage && link.hash) || !findRoute(known, link.pathname)) return;
  event.preventDefault();
  go(link.href);
}
