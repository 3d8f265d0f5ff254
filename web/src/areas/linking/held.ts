/** The link's fragment, kept for this tab until it was used: a phone may load the page again. It must not reach the server or outlive the tab. */

const place = 'alcove-device-link';

/** Takes the fragment from the address if there is one, else gives what this tab remembers; '' for none. */
export function holdDeviceLink(fragment: string, store: Storage = sessionStorage): string {
  try {
    if (fragment) store.setItem(place, fragment);
    return fragment || (store.getItem(place) ?? '');
  } catch {
    return fragment;
  }
}

/** Forgets it: it was used, or opens nothing. */
export function dropDeviceLink(store: Storage = sessionStorage): void {
  store.removeItem(place);
}
