/** Changes of one's own keyring: slots and pins. The server takes the new file only over the version that this device changed. */
import { b64u, changeKeyring, type SealedKeyring, type UnlockedKeyring, type UnlockSlot } from '$lib/crypto';
import { ApiProblem, type Slot } from '$lib/api';
import type { Core } from './core';
import { ProofNeeded } from './errors';
import { latest } from './following';
import { makePasskeySlot, makePasswordSlot, type MadeSlot } from './slots';

export interface SlotChange {
  readonly add?: readonly Slot[];
  readonly remove?: readonly string[];
  /** What opens the keyring here from now on, if what did is removed. */
  readonly opens?: UnlockSlot;
}

/** Stores a changed keyring, at the practice first, then here. */
export async function replaceKeyring(core: Core, change: (now: UnlockedKeyring) => Promise<SealedKeyring>, { add = [], remove = [], opens }: SlotChange = {}): Promise<void> {
  const { account, keyring } = core.open();
  const sealed = await change(keyring);
  await core.api.changeKeyring({ version: keyring.version, body: b64u(sealed.bytes), add: [...add], remove: [...remove] });
  const slots = account.slots.filter(({ slot }) => !remove.includes(slot));
  const made_at = new Date(core.ports.clock.now()).toISOString();
  // A lock that came meanwhile stands: only the sealed file is kept then.
  const isStillOpen = core.keyring === keyring;
  if (isStillOpen) {
    core.keyring = sealed.keyring;
    const { slot } = core;
    const opensStill = slot !== null && sealed.keyring.slots().some(({ login }) => login === slot.loginKey);
    if (!opensStill) core.slot = opens ?? null;
  } else sealed.keyring.lock();
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

/** The practice takes a proof of the last 15 minutes; asked for a little early, so that nothing is made in vain. */
const PROOF_AGE_MAX_MS = 13 * 60_000;

/** @throws {@link ProofNeeded} */
export function requireFresh(core: Core): void {
  if (core.provedAt === null || core.ports.clock.now() - core.provedAt > PROOF_AGE_MAX_MS) throw new ProofNeeded();
}

export interface OwnWay {
  readonly made?: MadeSlot;
  /** Slots that it takes the place of. */
  readonly remove?: readonly string[];
  readonly opens?: UnlockSlot;
}

/** One change that puts a way of this device in. The link by which it came in, if it did, goes in the same step. */
export async function ownWay(core: Core, make: (now: { keyring: UnlockedKeyring }) => Promise<OwnWay>): Promise<OwnWay> {
  const { slots } = await latest(core);
  const { keyring } = core.open();
  const way = await make({ keyring });
  const { made, remove = [], opens = made?.added.slot } = way;
  const links = keyring.slots().filter(({ kind, login }) => kind === 'link' && login === core.slot?.loginKey).map(({ id }) => id);
  const gone = [...remove, ...links.filter((id) => slots.some(({ slot }) => slot === id))];
  const change = { ...(made ? { add: [made.added] } : {}), remove: [...remove, ...links] };
  await replaceKeyring(core, (now) => changeKeyring(now, change), { ...(made ? { add: [made.server] } : {}), remove: gone, ...(opens ? { opens } : {}) });
  return way;
}

const newPassword = (core: Core, password: string, { account, person }: UnlockedKeyring) => makePasswordSlot(core, password, { person, account });

export async function addPassword(core: Core, password: string): Promise<void> {
  await ownWay(core, async ({ keyring }) => ({ made: await newPassword(core, password, keyring) }));
}

/** One step: the new password is in, the old one out. */
export async function changePassword(core: Core, password: string): Promise<void> {
  await ownWay(core, async ({ keyring }) => {
    const remove = keyring.slots().filter(({ kind }) => kind === 'password').map(({ id }) => id);
    return { made: await newPassword(core, password, keyring), remove };
  });
  // One that had run out holds nothing back any more.
  await learnMe(core);
}

/** What the practice says of this session now. */
export async function learnMe(core: Core): Promise<void> {
  const me = await core.api.me();
  await core.note({ me, slots: me.slots });
  core.enter(core.state);
}

/** @throws {@link ProofNeeded} before the authenticator makes a passkey that the practice would then refuse */
export async function addPasskey(core: Core, label = core.ports.deviceLabel): Promise<void> {
  requireFresh(core);
  const { name } = core.open().me;
  const { made } = await ownWay(core, async ({ keyring: { person, account } }) => ({ made: await makePasskeySlot(core, label, { person, name, account, purpose: 'add' }) }));
  if (made && made.userHandle !== null) await core.note({ userHandle: made.userHandle });
  // Whoever has a passkey needs no second step: the practice says so from now on.
  await learnMe(core);
}

/** The name is in the sealed keyring: the practice keeps the first one, by which it would not know another device. */
export async function renameSlot(core: Core, slot: string, label: string): Promise<void> {
  await latest(core);
  await replaceKeyring(core, (now) => changeKeyring(now, { rename: [{ id: slot, label }] }));
}

export async function removeSlot(core: Core, slot: string): Promise<void> {
  await latest(core);
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
