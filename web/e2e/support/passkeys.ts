/** A virtual authenticator for one page: user verification, resident keys, and PRF unless a test asks for one without. */
import type { CDPSession, Page } from '@playwright/test';

export interface Authenticator {
  session: CDPSession;
  id: string;
  /** Swapped for a security key on USB: no passkeys, no finger, no keys of ours. */
  becomeSecurityKey(): Promise<void>;
  /** Whether somebody touches it, or picks it in a list, as soon as they are asked. */
  touches(at_once: boolean): Promise<void>;
  /** From now on nobody touches it: ceremonies wait. */
  refuseTouch(): Promise<void>;
  credentials(): Promise<number>;
}

/** Plugs an authenticator into the page. It stays through navigations. */
export async function plugIn(page: Page, { prf = true }: { prf?: boolean } = {}): Promise<Authenticator> {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId: id } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      hasPrf: prf,
      automaticPresenceSimulation: true,
    },
  });
  return {
    session,
    id,
    becomeSecurityKey: async () => {
      await session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: id });
      await session.send('WebAuthn.addVirtualAuthenticator', {
        options: { protocol: 'ctap2', transport: 'usb', hasResidentKey: false, hasUserVerification: false, automaticPresenceSimulation: true },
      });
    },
    touches: async (enabled) => {
      await session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId: id, enabled });
    },
    refuseTouch: async () => {
      await session.send('WebAuthn.setUserVerified', { authenticatorId: id, isUserVerified: false });
    },
    credentials: async () => {
      const { credentials } = await session.send('WebAuthn.getCredentials', { authenticatorId: id });
      return credentials.length;
    },
  };
}
