/** Signing in: by passkey, by password where this browser holds the account secret, by kit anywhere. The device signs for its own origin only. */
import { AccountSecret, deriveKitSlot, derivePasskeySlot, fromB64u, openKeyring, readKit, type UnlockSlot } from '$lib/crypto';
import { ApiProblem, type Entered, type LoginProof, type Me, type SignInChallenge } from '$lib/api';
import { admit } from './admitting';
import type { Core } from './core';
import { accountOf, accountsOf, deviceIdFor, type Account } from './device';
import { NeedsKit, PasskeyCancelled, WrongPassword } from './errors';
import { enter, type Pending } from './second';
import type { PasskeyOffer } from './types';

export async function proofBy(core: Core, slot: UnlockSlot, { challenge, nonce, person }: SignInChallenge): Promise<LoginProof> {
  const signature = await slot.signLogin({ origin: core.ports.origin, person, nonce: fromB64u(nonce, 'challenge') });
  return { challenge, login_key: slot.loginKey, signature };
}

/** The password's slot, with the salt that the practice keeps (or the one of the last time, offline). */
export async function passwordSlot(core: Core, account: Account, password: string, salt: string | null): Promise<UnlockSlot> {
  if (account.secret === null || salt === null) throw new NeedsKit();
  return core.ports.stretch(password, fromB64u(salt, 'password salt'), AccountSecret.fromStorage(account.secret), account.person);
}

async function deviceOf(core: Core, person: string | null): Promise<{ device: string; label: string }> {
  const known = person === null ? null : await accountOf(core.ports.store, person);
  return { device: await deviceIdFor(core.ports.store, person), label: known?.deviceLabel ?? core.ports.deviceLabel };
}

export async function admitSignedIn(core: Core, answer: Entered, slot: UnlockSlot, { linked, ...facts }: { device: string; passwordSalt?: string | null; userHandle?: string | null; linked?: string }): Promise<void> {
  const { keyring: body, ...me } = answer;
  const bytes = fromB64u(body, 'keyring');
  const known = await accountOf(core.ports.store, me.person);
  const pinned = known === null ? {} : { keyHash: known.keyHash, version: known.keyringVersion };
  const keyring = await openKeyring(bytes, slot, { person: me.person, ...pinned, ...(linked === undefined ? {} : { linked }) });
  await admit(core, { me, keyring, slot, bytes, ...facts });
}

export async function signInWithPassword(core: Core, password: string, person?: string): Promise<Pending | null> {
  const accounts = await accountsOf(core.ports.store);
  const account = person === undefined ? accounts[0] : accounts.find((found) => found.person === person);
  if (!account) throw new NeedsKit();
  if (account.secret === null) throw new NeedsKit();
  const challenge = await core.api.challenge({ person: account.person });
  const salt = challenge.slots[0]?.salt ?? account.passwordSalt;
  const slot = await passwordSlot(core, account, password, salt);
  const device = await deviceOf(core, account.person);
  const proof = await proofBy(core, slot, challenge);
  const answer = await core.api.signIn({ ...proof, device }).catch((error: unknown) => {
    throw error instanceof ApiProblem && error.code === 'sign-in-failed' ? new WrongPassword() : error;
  });
  return enter(core, answer, { finish: (entered) => admitSignedIn(core, entered, slot, { device: device.device, passwordSalt: salt }) });
}

/** A kit on a browser that may know nobody: the practice finds the person by the kit's login key. */
export async function signInWithKit(core: Core, text: string): Promise<Pending | null> {
  return enterWith(core, await deriveKitSlot(readKit('personal', text)));
}

/** A slot that needs nothing of this browser: a kit, or a link whose key hash the keyring must have. */
export async function enterWith(core: Core, slot: UnlockSlot, linked?: string): Promise<Pending | null> {
  const challenge = await core.api.challenge({ login_key: slot.loginKey });
  const device = await deviceOf(core, challenge.person);
  const answer = await core.api.signIn({ ...(await proofBy(core, slot, challenge)), device });
  const finish = async (entered: Entered) => {
    const facts = { device: device.device, passwordSalt: await learnSalt(core, entered), ...(linked === undefined ? {} : { linked }) };
    await admitSignedIn(core, entered, slot, facts);
  };
  return enter(core, answer, { finish });
}

/** The salt of the person's password, so that this browser can unlock with it offline too. */
export async function learnSalt(core: Core, { person, slots }: Me): Promise<string | null> {
  if (!slots.some(({ kind }) => kind === 'password')) return null;
  return (await core.api.challenge({ person })).slots[0]?.salt ?? null;
}

/**
 * One ceremony gives the session and the keys. With an offer it waits in the browser's own list.
 * @throws {@link PasskeyCancelled} also where another way was taken while it waited
 */
export async function signInWithPasskey(core: Core, offer?: PasskeyOffer): Promise<Pending | null> {
  const asked = await core.api.askPasskey();
  const { assertion, prf } = await core.ports.passkeys.use(asked, offer?.stop);
  const drop = () => void prf.fill(0);
  try {
    if (offer?.stop.aborted) throw new PasskeyCancelled();
    offer?.onpicked();
    const known = (await accountsOf(core.ports.store)).find(({ userHandle }) => userHandle === assertion.user_handle);
    const device = await deviceOf(core, known?.person ?? null);
    const finish = async (entered: Entered) => {
      const slot = await derivePasskeySlot(prf, entered.person);
      await admitSignedIn(core, entered, slot, { device: device.device, userHandle: assertion.user_handle, passwordSalt: await learnSalt(core, entered) });
    };
    return await enter(core, await core.api.signInByPasskey({ ...assertion, device }), { finish, drop });
  } catch (error) {
    drop();
    throw error;
  }
}
