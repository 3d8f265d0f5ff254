import { afterEach, expect, it, vi } from 'vitest';
import { passkeys } from './passkeys';

afterEach(() => vi.unstubAllGlobals());

/** A browser on this host. */
function standOn(hostname: string, credentials: object): void {
  vi.stubGlobal('location', { hostname });
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('PublicKeyCredential', class {});
  vi.stubGlobal('navigator', { credentials });
}

it('waits in the browser’s list only when told to, and until its signal', async () => {
  const asked = vi.fn(() => Promise.reject(Object.assign(new Error(), { name: 'AbortError' })));
  standOn('practice.example.org', { get: asked });
  const asking = { challenge: 'cha_1', options: { rp_id: 'practice.example.org', challenge: 'AAAA' } };
  const stop = new AbortController().signal;
  await expect(passkeys.use(asking, stop)).rejects.toMatchObject({ name: 'PasskeyCancelled' });
  await expect(passkeys.use(asking)).rejects.toMatchObject({ name: 'PasskeyCancelled' });
  const calls = asked.mock.calls as unknown as [CredentialRequestOptions][];
  expect(calls.map(([options]) => [options.mediation, options.signal])).toEqual([['conditional', stop], [undefined, undefined]]);
});

it('asks for no passkey of a wider domain: its neighbours could use it', async () => {
  const asked = vi.fn();
  standOn('practice.example.org', { get: asked, create: asked });
  const options = { rp_id: 'example.org', challenge: 'AAAA' };
  await expect(passkeys.use({ challenge: 'cha_1', options })).rejects.toMatchObject({ name: 'PasskeyUnsupported' });
  const making = { rp_id: 'example.org', rp_name: 'P', user_handle: 'AAAA', user_name: 'Ana', challenge: 'AAAA', algorithms: [-8], exclude: [] };
  await expect(passkeys.make({ challenge: 'cha_1', options: making })).rejects.toMatchObject({ name: 'PasskeyUnsupported' });
  expect(asked).not.toHaveBeenCalled();
});
