import { afterEach, expect, it, vi } from 'vitest';
import { passkeys } from './passkeys';

afterEach(() => vi.unstubAllGlobals());

it('asks for no passkey of a wider domain: its neighbours could use it', async () => {
  const asked = vi.fn();
  vi.stubGlobal('location', { hostname: 'practice.example.org' });
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('PublicKeyCredential', class {});
  vi.stubGlobal('navigator', { credentials: { get: asked, create: asked } });
  const options = { rp_id: 'example.org', challenge: 'AAAA' };
  await expect(passkeys.use({ challenge: 'cha_1', options })).rejects.toMatchObject({ name: 'PasskeyUnsupported' });
  const making = { rp_id: 'example.org', rp_name: 'P', user_handle: 'AAAA', user_name: 'Ana', challenge: 'AAAA', algorithms: [-8], exclude: [] };
  await expect(passkeys.make({ challenge: 'cha_1', options: making })).rejects.toMatchObject({ name: 'PasskeyUnsupported' });
  expect(asked).not.toHaveBeenCalled();
});
