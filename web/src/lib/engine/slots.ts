/** Ways to unlock, made on this device: the slot for the keyring, and what of it the server may know. */
import { b64u, deriveKitSlot, derivePasskeySlot, makeId, makeKit, makePasswordSalt, type AccountSecret, type Kit, type NewSlot, type UnlockSlot } from '$lib/crypto';
import type { PasskeyAttestation, Slot } from '$lib/api';
import type { Core } from './core';
import type { Unlock } from './types';

export interface MadeSlot {
  readonly added: NewSlot & { readonly id: string };
  /** For the server: labels, the public login key, never a recipient. */
  readonly server: Slot;
  /** Passkeys: how the authenticator names the person. */
  readonly userHandle: string | null;
}

/** What has no name of its own; screens have words for the kind. */
const LABELS = { password: 'password', kit: 'kit' } as const;

export interface ForWhom {
  readonly person: string;
  readonly name: string;
  readonly account: AccountSecret;
  readonly purpose: 'setup' | 'join' | 'add';
  readonly invite?: string;
}

function made(slot: UnlockSlot, label: string, more: { salt?: string; passkey?: PasskeyAttestation; userHandle?: string } = {}): MadeSlot {
  const id = makeId('slt');
  const { salt = null, passkey = null, userHandle = null } = more;
  const kind = slot.kind as Slot['kind'];
  return { added: { slot, label, id }, server: { slot: id, kind, label, login_key: slot.loginKey, salt, passkey }, userHandle };
}

export async function makeUnlock(core: Core, unlock: Unlock, whom: ForWhom): Promise<MadeSlot> {
  return unlock.kind === 'password' ? makePasswordSlot(core, unlock.password, whom) : makePasskeySlot(core, unlock.label ?? core.ports.deviceLabel, whom);
}

export async function makePasswordSlot(core: Core, password: string, { person, account }: Pick<ForWhom, 'person' | 'account'>): Promise<MadeSlot> {
  const salt = makePasswordSalt();
  return made(await core.ports.stretch(password, salt, account, person), LABELS.password, { salt: b64u(salt) });
}

/** @throws {@link PasskeyWithoutPrf} and what else the ceremony refuses */
export async function makePasskeySlot(core: Core, label: string, { person, name, purpose, invite }: ForWhom): Promise<MadeSlot> {
  const asked = await core.api.makePasskey({ person, name, purpose, ...(invite === undefined ? {} : { invite }) });
  const { attestation, prf } = await core.ports.passkeys.make(asked);
  try {
    const { server, ...own } = made(await derivePasskeySlot(prf, person), label, { passkey: attestation, userHandle: asked.options.user_handle });
    // The practice knows the device anyway; what its owner calls the passkey is theirs.
    return { ...own, server: { ...server, label: core.ports.deviceLabel } };
  } finally {
    prf.fill(0);
  }
}

export async function makeKitSlot(): Promise<MadeSlot & { readonly kit: Kit }> {
  const kit = makeKit('personal');
  return { ...made(await deriveKitSlot(kit), LABELS.kit), kit };
}
