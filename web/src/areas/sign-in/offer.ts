/**
 * Passkeys in the browser's own list beside a field: the request waits until one is picked, and is asked anew before the practice forgets it.
 * Another way of signing in ends it. It must not keep anything of a passkey: the engine does the ceremony.
 */
import type { PasskeyOffer } from '$lib/engine/types';
import { codeOf } from '../unlock/faults';

/** The practice forgets a request after five minutes. */
const ASKED_ANEW_MS = 4 * 60_000;

/** Whether this browser lists passkeys beside a field. */
export async function listsPasskeys(): Promise<boolean> {
  try {
    return (await PublicKeyCredential.isConditionalMediationAvailable?.()) === true;
  } catch {
    return false;
  }
}

export interface Offering<T> {
  signIn: (offer: PasskeyOffer) => Promise<T>;
  /** Another way was taken. */
  stop: AbortSignal;
  onpicked: () => void;
  /** Resolves once somebody looks at the page. */
  seen?: () => Promise<void>;
}

/**
 * Waits until a passkey was picked, and signs in with it. Null where another way was taken, or where the browser lists none after all.
 * @throws what refuses the passkey that was picked
 */
export async function offerPasskeys<T>({ signIn, stop, onpicked, seen = pageIsSeen }: Offering<T>): Promise<{ entered: T } | null> {
  while (!stop.aborted) {
    await seen();
    const anew = AbortSignal.timeout(ASKED_ANEW_MS);
    let picked = false;
    const take = () => {
      picked = true;
      onpicked();
    };
    try {
      return { entered: await signIn({ stop: AbortSignal.any([stop, anew]), onpicked: take }) };
    } catch (failure) {
      if (picked || codeOf(failure) === 'PasskeyWithoutPrf') throw failure;
      // Anything else that comes before a choice is no news: the button is still there.
      if (!anew.aborted) return null;
    }
  }
  return null;
}

function pageIsSeen(): Promise<void> {
  if (!document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    const look = () => {
      if (document.hidden) return;
      document.removeEventListener('visibilitychange', look);
      resolve();
    };
    document.addEventListener('visibilitychange', look);
  });
}
