/** Changes of one's own keyring: slots and pins. The server takes the new file only over the version that this device changed. */
import { b64u, changeKeyring, type SealedKeyring, type UnlockedKeyring } from '$lib/crypto';
import { ApiProblem, type Slot } from '$lib/api';
import type { Core } from './core';
import { ProofNeeded } from './errors';
import { makePasskeySlot, makePasswordSlot } from './slots';

export interface SlotChange {
  readonly add?: readonly Slot[];
  readonly remove?: readonly string[];
}

/** Stores a changed keyring, at the practice first, then here. */
export async function replaceKeyring(core: Core, change: (now: UnlockedKeyring) => Promise<SealedKeyring>, { add = [], remove = [] }: SlotChange = {}): Promise<void> {
  const { account, keyring } = core.open();
  const sealed = await change(keyring);
  await core.api.changeKeyring({ version: keyring.version, body: b64u(sealed.bytes), add: [...add], remove: [...remove] });
  const slots = account.slots.filter(({ slot }) => !remove.includes(slot));
  const made_at = new Date(core.ports.clock.now()).toISOString();
  // A lock that came meanwhile stands: only the sealed file is kept then.
  const isStillOpen = core.keyring === keyring;
  if (isStillOpen) core.keyring = sealed.keyring;
  else sealed.keyring.lock();
  keyring.lock();
  const salt = add.find(({ kind }) => kind === 'password')?.salt;
  const added = add.map(({ slot, kind, label }) => ({ slot, kind, label, made_at }));
  await core.note({
    keyring: sealed.bytes,
    keyringVersion: sealed.version,
    slots: [...slots, ...added],
    ...(salt == null ? {} : { passwordSalt: salt }),
  });
  core.enter(core.state);
}

export async function addPassword(core: Core, password: string): Promise<void> {
  const { account, keyring } = core.open();
  const made = await makePasswordSlot(core, password, { person: account.person, account: keyring.account });
  await replaceKeyring(core, (now) => changeKeyring(now, { add: [made.added] }), { add: [made.server] });
}

/** One step: the new password is in, the old one out. */
export async function changePassword(core: Core, password: string): Promise<void> {
  const { account, keyring } = core.open();
  const made = await makePasswordSlot(core, password, { person: account.person, account: keyring.account });
  const remove = keyring.slots().filter(({ kind }) => kind === 'password').map(({ id }) => id);
  await replaceKeyring(core, (now) => changeKeyring(now, { add: [made.added], remove }), { add: [made.server], remove });
}

/** What the practice says of this session now. */
export async function learnMe(core: Core): Promise<void> {
  const me = await core.api.me();
  await core.note({ me, slots: me.slots });
  core.enter(core.state);
}

/** The practice takes a proof of the last 15 minutes; asked for a little early, so that a ceremony is never in vain. */
const PROOF_AGE_MAX_MS = 13 * 60_000;

/** @throws {@link ProofNeeded} before the authenticator makes a passkey that the practice would then refuse */
export async function addPasskey(core: Core, label = core.ports.deviceLabel): Promise<void> {
  if (core.provedAt === null || core.ports.clock.now() - core.provedAt > PROOF_AGE_MAX_MS) throw new ProofNeeded();
  const { account, keyring, me } = core.open();
  const made = await makePasskeySlot(core, label, { person: account.person, name: me.name, account: keyring.account, purpose: 'add' });
  await replaceKeyring(core, (now) => changeKeyring(now, { add: [made.added] }), { add: [made.server] });
  if (made.userHandle !== null) await core.note({ userHandle: made.userHandle });
  // Whoever has a passkey needs no second step: the practice says so from now on.
  await learnMe(core);
}

export async function removeSlot(core: Core, slot: string): Promise<void> {
  await replaceKeyring(core, (now) => changeKeyring(now, { remove: [slot] }), { remove: [slot] });
}

/** Pins contacts' key hashes in the keyring, so that every device of this person refuses others. Another device's change is no hindrance: it comes again. */
export async function pin(core: Core, contacts: readonly { person: string; keyHash: string }[]): Promise<void> {
  const { keyring } = core.open();
  const fresh = contacts.filter(({ person }) => keyring.pinOf(person) === null);
  if (fresh.length === 0) return;
  try {
    await replaceKeyring(core, (now) => changeKeyring(now, { pin: fresh }));
  } catch (error) {
    if (!(error instanceof ApiProblem && error.code === 'keyring-moved')) throw error;
  }
}
