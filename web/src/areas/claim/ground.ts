/**
 * What the browser can do at this address: set-up must end on a host name with a certificate that the browser trusts.
 * It looks and asks the browser; it must not ask the server for anything but our own service worker.
 */
import { registerServiceWorker } from '$lib/trusted';

/**
 * `good`: everything works. `insecure`: no keys can be made at all. `number`: an IP address. `untrusted`: the
 * certificate was clicked through. `no-passkeys`: an old browser; passwords work.
 */
export type Ground = 'good' | 'insecure' | 'number' | 'untrusted' | 'no-passkeys';

/** The parts of the browser that decide. */
export interface Surroundings {
  secure: boolean;
  hostname: string;
  passkeys: boolean;
  /** Registers the service worker, which browsers refuse on an untrusted certificate. */
  registers: () => Promise<unknown>;
}

/** Looks at where this page runs. */
export async function findGround(here: Surroundings = surroundings()): Promise<Ground> {
  if (!here.secure) return 'insecure';
  if (isNumber(here.hostname)) return 'number';
  if (await certificateIsRefused(here.registers)) return 'untrusted';
  return here.passkeys ? 'good' : 'no-passkeys';
}

/** True for an IP address, of either kind. */
export function isNumber(hostname: string): boolean {
  return hostname.includes(':') || hostname.startsWith('[') || /^\d{1,3}(\.\d{1,3}){3}$/.test(hostname);
}

/** Only a SecurityError tells of the certificate; a browser without service workers is no failure here. */
async function certificateIsRefused(registers: () => Promise<unknown>): Promise<boolean> {
  try {
    await registers();
    return false;
  } catch (failure) {
    return (failure as Error).name === 'SecurityError';
  }
}

function surroundings(): Surroundings {
  return {
    secure: isSecureContext,
    hostname: location.hostname,
    passkeys: typeof PublicKeyCredential === 'function',
    registers: () => ('serviceWorker' in navigator ? registerServiceWorker('/sw.js') : Promise.resolve()),
  };
}
