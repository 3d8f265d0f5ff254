/** Founding a practice: everything is made on this device; the server receives public halves and sealed bytes. */
import { b64u, changeKeyring, deriveLeafHash, makeId, makeKeyring, makeKit, makeSpace, type SpaceChange, type UnlockedKeyring } from '$lib/crypto';
import type { Account, SpaceMade } from '$lib/api';
import { admit } from './admitting';
import { grantsOf } from './changing';
import type { Core } from './core';
import { keepKits, kitsOf } from './kits';
import { makeKitSlot, makeUnlock, type MadeSlot } from './slots';
import type { SpaceRow } from './space';
import type { Engine, Kits } from './types';

export function spaceMade({ entries, grants }: SpaceChange): SpaceMade {
  return { genesis: entries[0] ?? '', grants: grantsOf(grants) };
}

/** The row of a space that was founded here, before its first sync. */
export function foundedRow({ entries, grants, space, roster }: SpaceChange, client: string | null): SpaceRow {
  return { space, kind: roster.kind, client, entries, grants: grants.map(({ bytes }) => bytes), members: [], cursor: 0, lastReadAt: null, syncedAt: null, settled: [] };
}

export interface MadeAccount {
  readonly account: Account;
  readonly keyring: UnlockedKeyring;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly leaf: { readonly tag: string; readonly hashes: readonly string[] };
}

/** A sealed account from a keyring and its slots. */
export async function makeAccount(fresh: UnlockedKeyring, facts: Pick<Account, 'name' | 'email' | 'zone'>, slots: readonly MadeSlot[], pin: readonly { person: string; keyHash: string }[] = []): Promise<MadeAccount> {
  const { keyring, bytes } = await changeKeyring(fresh, { add: slots.map(({ added }) => added), pin });
  const [tag, salt] = [crypto.getRandomValues(new Uint8Array(16)), crypto.getRandomValues(new Uint8Array(16))];
  const statement = await keyring.makeKeyStatement();
  const leaf = { tag: b64u(tag), hashes: [await deriveLeafHash(salt, statement)] };
  const account = { person: keyring.person, ...facts, statement, leaf: { tag: b64u(tag), salt: b64u(salt) }, keyring: b64u(bytes), slots: slots.map(({ server }) => server) };
  return { account, keyring, bytes, leaf };
}

export async function found(core: Core, input: Parameters<Engine['found']>[0]): Promise<Kits> {
  const { backup_key: backupKey } = await core.api.practice();
  const fresh = await makeKeyring(makeId('per'));
  const unlock = await makeUnlock(core, input.unlock, { person: fresh.person, name: input.name, account: fresh.account, purpose: 'setup' });
  const kit = await makeKitSlot();
  const restore = makeKit('restore');
  const made = await makeAccount(fresh, { name: input.name, email: input.email, zone: input.ownerZone }, [unlock, kit]);
  const notebook = await makeSpace(made.keyring, { kind: 'notebook', role: 'practitioner' });
  const device = makeId('dev');
  const deviceLabel = input.deviceLabel ?? core.ports.deviceLabel;
  const me = await core.api.foundPractice({
    name: input.practice,
    zone: input.zone,
    origin: core.ports.origin,
    owner: made.account,
    notebook: spaceMade(notebook),
    restore_kit: await restore.recipient(),
    device: { device, label: deviceLabel },
  });
  const labels = { practice: input.practice, personName: input.name, origin: core.ports.origin, person: fresh.person, backupKey };
  const kits = kitsOf({ personal: kit.kit, restore }, labels, new Date(core.ports.clock.now()));
  core.account = null;
  const prefix = `${me.person}/`;
  await admit(
    core,
    { me, keyring: made.keyring, slot: unlock.added.slot, bytes: made.bytes, device, deviceLabel, leaf: made.leaf, passwordSalt: unlock.server.salt, userHandle: unlock.userHandle },
    ['spaces', `${prefix}${notebook.space}`, foundedRow(notebook, null)],
    await keepKits(`${prefix}kits`, notebook.keys, kits),
  );
  return kits;
}
