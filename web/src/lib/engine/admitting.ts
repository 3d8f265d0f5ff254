/** Letting a person in: the device remembers them, keys are in memory, the local copy is open. All ways to sign in end here. */
import { EMPTY_DIRECTORY, type Bytes, type UnlockedKeyring, type UnlockSlot } from '$lib/crypto';
import type { Me } from '$lib/api';
import { openAlarms } from './alarms';
import { meView, type Core } from './core';
import { accountOf, accountPut, accountsOf, remembered, type Account } from './device';
import { refreshOutbox } from './outbox';
import { learnPins } from './knowing';
import type { Put } from './ports';
import { openLocal } from './sync';

export interface Admission {
  readonly me: Me;
  readonly keyring: UnlockedKeyring;
  /** What opens it. */
  readonly slot: UnlockSlot;
  readonly bytes: Bytes;
  readonly device: string;
  readonly deviceLabel?: string | undefined;
  /** Known where the keys were made on this device. */
  readonly leaf?: Account['leaf'];
  readonly passwordSalt?: string | null | undefined;
  readonly userHandle?: string | null | undefined;
}

export const CURRENT = 'current';

/** Remembers the person on this device and opens everything. */
export async function admit(core: Core, admission: Admission, ...also: readonly Put[]): Promise<void> {
  const { me, keyring, slot, bytes, device, deviceLabel, leaf, passwordSalt, userHandle } = admission;
  const known = await accountOf(core.ports.store, me.person);
  const account: Account = {
    person: me.person,
    device,
    deviceLabel: deviceLabel ?? known?.deviceLabel ?? core.ports.deviceLabel,
    seenAt: new Date(core.ports.clock.now()).toISOString(),
    keyHash: keyring.keyHash,
    keyringVersion: keyring.version,
    keyring: bytes,
    secret: keyring.account.forStorage(),
    passwordSalt: passwordSalt ?? known?.passwordSalt ?? null,
    userHandle: userHandle ?? known?.userHandle ?? null,
    slots: me.slots,
    me,
    leaf: leaf ?? known?.leaf ?? null,
    directory: known?.directory ?? EMPTY_DIRECTORY,
    anchor: known?.anchor ?? null,
    marks: known?.marks ?? [],
    restoredAt: known?.restoredAt ?? null,
    owners: known?.owners ?? [],
    verified: known?.verified ?? {},
  };
  core.account = account;
  core.keyring = keyring;
  core.slot = slot;
  core.provedAt = core.ports.clock.now();
  await core.ports.store.write(accountPut(account), ['device', CURRENT, me.person], ...also);
  core.remembered = (await accountsOf(core.ports.store)).map(remembered);
  await openUp(core);
}

/** Opens the local copy with the keys that are in memory now. */
export async function openUp(core: Core): Promise<void> {
  await openAlarms(core);
  await openLocal(core);
  await learnPins(core);
  await core.typed.open();
  await refreshOutbox(core);
  core.enter({ at: 'open', person: core.open().account.person });
  core.emitSpaces();
}

/** What screens see of the person who is here. */
export function currentMe(core: Core): ReturnType<typeof meView> | null {
  return core.account === null ? null : meView(core.account, core.keyring);
}
