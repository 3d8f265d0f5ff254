/**
 * The invitation's fragment, kept for this tab until the person has joined: a phone may load the page again at any
 * time. It must not reach the server, the address bar or anything that outlives the tab.
 */

const place = 'alcove-invitation';

/** Takes the fragment from the address if there is one, else gives what this tab remembers; '' for none. */
export function holdLink(fragment: string, store: Storage = sessionStorage): string {
  try {
    if (fragment) store.setItem(place, fragment);
    return fragment || (store.getItem(place) ?? '');
  } catch {
    return fragment;
  }
}

/** Forgets it: the person has joined, or the link opens nothing. */
export function dropLink(store: Storage = sessionStorage): void {
  store.removeItem(place);
}
