/**
 * Letting a new device in. The old one, freshly proved, makes a link and shows it; the new one comes in with it, checks that the keyring has the
 * keys that the link names, and gives up the link as soon as it has a way of its own.
 */
import { changeKeyring, makeDeviceLink, readDeviceLink } from '$lib/crypto';
import { ApiProblem, type Me } from '$lib/api';
import type { Core } from './core';
import { NeedsKit, WrongPassword } from './errors';
import { latest } from './following';
import { ownWay, replaceKeyring, requireFresh } from './own-keys';
import type { Pending } from './second';
import { enterWith, passwordSlot } from './signing-in';
import type { DeviceLinkState, DeviceLinkView } from './types';

/** Makes a link in place of the one before. @throws {@link ProofNeeded} where the last proof is not fresh */
export async function makeLink(core: Core): Promise<DeviceLinkView> {
  requireFresh(core);
  const { slots } = await latest(core);
  const { keyring } = core.open();
  const link = makeDeviceLink(keyring.keyHash);
  const slot = await link.unlock();
  const before = keyring.slots().filter(({ kind }) => kind === 'link').map(({ id }) => id);
  const known = before.filter((id) => slots.some((seen) => seen.slot === id));
  const server = { slot: link.slot, kind: 'link' as const, label: 'link', login_key: slot.loginKey, salt: null, passkey: null };
  const change = { add: [{ slot, label: 'link', id: link.slot }], remove: before };
  await replaceKeyring(core, (now) => changeKeyring(now, change), { add: [server], remove: known });
  const { expiresAt } = await linkState(core, link.slot);
  return { slot: link.slot, link: link.url(core.ports.origin), expiresAt };
}

export async function linkState(core: Core, slot: string): Promise<DeviceLinkState> {
  const { state, expires_at: expiresAt, used_at: usedAt, device } = await core.api.link(slot);
  return { state, expiresAt, usedAt, device: device && { device: device.device, label: device.label } };
}

/** Takes a link back. One that ran out meanwhile is taken out as well. */
export async function cancelLink(core: Core, link: string): Promise<void> {
  const { slots } = await latest(core);
  const isThere = core.open().keyring.slots().some(({ id }) => id === link);
  if (!isThere) return;
  const remove = slots.some(({ slot }) => slot === link) ? [link] : [];
  await replaceKeyring(core, (now) => changeKeyring(now, { remove: [link] }), { remove });
}

/** On the new device: what is asked next, or null. @throws {@link DeviceLinkBroken} {@link LinkKeysDiffer} and what the practice refuses */
export async function signInWithLink(core: Core, text: string): Promise<Pending | null> {
  const link = readDeviceLink(text);
  return enterWith(core, await link.unlock(), link.keyHash);
}

/** On the new device: the password works here from now on, so the link can go. @throws {@link WrongPassword} */
export async function keepPassword(core: Core, password: string): Promise<void> {
  const { account } = core.open();
  const { person } = account;
  const salt = (await core.api.challenge({ person })).slots[0]?.salt ?? null;
  if (salt === null) throw new NeedsKit();
  const slot = await passwordSlot(core, account, password, salt);
  await ownWay(core, async ({ keyring }) => {
    const isIt = keyring.slots().some(({ kind, login }) => kind === 'password' && login === slot.loginKey);
    if (!isIt) throw new WrongPassword();
    return { opens: slot };
  });
  await core.note({ passwordSalt: salt });
}

/** Links that the practice has taken out open nothing any more, so the keyring is sealed to them no longer. Another device may be faster. */
export async function clearLinks(core: Core, { slots }: Pick<Me, 'slots'>): Promise<void> {
  const { keyring } = core.open();
  const lapsed = keyring.slots().filter(({ id, kind }) => kind === 'link' && !slots.some(({ slot }) => slot === id));
  if (lapsed.length === 0) return;
  const remove = lapsed.map(({ id }) => id);
  try {
    await replaceKeyring(core, (now) => changeKeyring(now, { remove }));
  } catch (error) {
    if (!(error instanceof ApiProblem && error.code === 'keyring-moved')) throw error;
  }
}
