/**
 * One's own keyring moves on other devices and in other windows, too: this fetches the newer file.
 * What opened the keyring here opens its successor; where that way was removed, this device stays with what it has until the person unlocks anew.
 */
import { fromB64u, openKeyring } from '$lib/crypto';
import type { Me } from '$lib/api';
import type { Core } from './core';

/** Takes over the keyring of this version, if it is newer than the one here. */
export async function followKeyring(core: Core, version: number): Promise<void> {
  const { account, keyring } = core.open();
  if (version <= keyring.version || core.slot === null) return;
  const { body } = await core.api.keyring();
  const bytes = fromB64u(body, 'keyring');
  const expected = { person: account.person, keyHash: account.keyHash, version: keyring.version };
  const fresh = await openKeyring(bytes, core.slot, expected).catch((error: unknown) => {
    if ((error as Error).name === 'SlotDoesNotOpen') return null;
    throw error;
  });
  if (fresh === null) return;
  // A lock or another change came meanwhile: that one stands.
  if (core.keyring !== keyring) return fresh.lock();
  core.keyring = fresh;
  // What is under way with the old object may go on; its seeds are wiped at the lock.
  core.formerKeyrings.push(keyring);
  await core.note({ keyring: bytes, keyringVersion: fresh.version });
}

/** What the practice knows of this person now, with the newest keyring here: before anything is changed in it. */
export async function latest(core: Core): Promise<Me> {
  const me = await core.api.me();
  await followKeyring(core, me.keyring_version);
  return me;
}
