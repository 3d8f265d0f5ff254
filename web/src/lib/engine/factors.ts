/** One's own second steps: an authenticator app, security keys, recovery codes. None of them opens a key; the practice asks for them when signing in. */
import type { Core } from './core';
import { learnMe } from './own-keys';
import type { FactorsView } from './types';

export async function factors(core: Core): Promise<FactorsView> {
  const { totp, keys, recovery_left: recoveryLeft } = await core.api.factors();
  return {
    totp: totp && { madeAt: totp.made_at },
    keys: keys.map(({ key, label, made_at: madeAt, used_at: usedAt }) => ({ key, label, madeAt, usedAt: usedAt ?? null })),
    recoveryLeft,
  };
}

/** The session may be stronger afterwards, or no longer wait. */
async function after<A>(core: Core, act: Promise<A>): Promise<A> {
  const done = await act;
  await learnMe(core);
  return done;
}

export const confirmTotp = async (core: Core, code: string): Promise<string[]> => (await after(core, core.api.confirmTotp(code.replace(/\s/g, '')))).recovery;
export const removeTotp = (core: Core): Promise<void> => after(core, core.api.removeTotp());
export const renewRecoveryCodes = async (core: Core): Promise<string[]> => (await after(core, core.api.renewRecoveryCodes())).recovery;
export const removeKey = (core: Core, key: string): Promise<void> => after(core, core.api.removeKey(key));

/** @throws what the ceremony refuses */
export async function addKey(core: Core, label: string): Promise<string[]> {
  const answer = await core.ports.passkeys.makeKey(await core.api.askKey());
  return (await after(core, core.api.addKey({ label, answer }))).recovery;
}
