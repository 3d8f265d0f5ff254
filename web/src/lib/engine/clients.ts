/** A practitioner's clients: adding, inviting, confirming who joined, verifying keys, removing. Spaces are founded on this device. */
import {
  b64u, confirmJoin, deriveSafetyWords, KeyChanged, makeId, makeInvite, makeSpace, openDraft, readInviteLink, revokeInvite as makeRevocation, rotate, sealDraft, SpaceMislabelled, type Member,
} from '$lib/crypto';
import type { Client } from '$lib/api';
import { requireWritable } from './alarms';
import { applyChange } from './changing';
import type { Core } from './core';
import { isRestoring } from './device';
import { expectListed } from './directory';
import { CodeForAnother, CodeOfAnother, InviteNotOpen, NotHere } from './errors';
import { foundedRow, spaceMade } from './founding';
import { asPinned, pinClient, pinName } from './knowing';
import { pin } from './own-keys';
import type { Space } from './space';
import { spacePut, syncSpace } from './sync';
import type { ClientView, Engine, InviteLink } from './types';
import { spaceOf } from './writing';

interface KeptInvite {
  readonly invite: string;
  readonly sealed: Uint8Array<ArrayBuffer>;
}

const inviteKey = (core: Core, client: string) => `${core.prefix}invite/${client}`;

export async function fetchClients(core: Core): Promise<void> {
  const { me } = core.open();
  if (!me.rights.includes('manage-clients')) return;
  const clients = (await core.api.clients()).clients.map((client) => asPinned(core, client));
  const before = (await core.ports.store.read<Client[]>('device', `${core.prefix}clients`)) ?? [];
  for (const client of clients) expectSpaces(core, client, before);
  core.clients = await Promise.all(clients.map((client) => clientView(core, client)));
  // A restored practice may have lost some: those stay known here until they are offered again.
  if (!isRestoring(core.open().account)) await core.ports.store.write(['device', `${core.prefix}clients`, clients]);
  core.events.emit('clients', core.clients);
}

/**
 * The practice lists which spaces belong to a client. It cannot move one: what was known here stays, and the space agrees and was founded by this person.
 * @throws {@link SpaceMislabelled}
 */
function expectSpaces(core: Core, { client, shared, own }: Client, before: readonly Client[]): void {
  const known = before.find((listed) => listed.client === client);
  const isMoved = known !== undefined && (known.shared !== shared || known.own !== own);
  const isOdd = ([[shared, 'shared'], [own, 'own']] as const).some(([id, kind]) => {
    const space = core.spaces.get(id);
    return space !== undefined && (space.client !== client || space.kind !== kind || space.roster.founder.person !== core.account?.person);
  });
  if (isMoved || isOdd) throw new SpaceMislabelled();
}

/** The list of the last time, for a start without a network. */
export async function openLocalClients(core: Core): Promise<void> {
  const clients = (await core.ports.store.read<Client[]>('device', `${core.prefix}clients`)) ?? [];
  core.clients = await Promise.all(clients.map((client) => clientView(core, client)));
  core.events.emit('clients', core.clients);
}

/** Names and dates come from the server; joined and verified come from the verified roster. */
async function clientView(core: Core, client: Client): Promise<ClientView> {
  const { client: id, name, email, zone, created_at, person, shared, own } = client;
  const space = core.spaces.get(shared) ?? null;
  const me = core.account?.person;
  const member = space?.roster.members.find((found) => found.person !== me) ?? null;
  const open = space?.roster.invites.find(({ state, expires }) => state === 'open' && Date.parse(expires) > core.ports.clock.now()) ?? null;
  const kept = await core.ports.store.read<KeptInvite>('device', inviteKey(core, id));
  return {
    client: id, name, email, zone, person: member?.person ?? person, shared, own,
    createdAt: created_at,
    etag: client.etag ?? '*',
    state: stateOf(member, open !== null),
    compared: member?.how === 'words' || member?.how === 'qr',
    invite: open === null ? null : { expiresAt: open.expires, here: kept?.invite === open.invite },
  };
}

function stateOf(member: Member | null, isInvited: boolean): ClientView['state'] {
  if (member === null) return isInvited ? 'invited' : 'added';
  return member.confirmed ? 'verified' : 'joined';
}

export async function addClient(core: Core, { name, email = null }: Parameters<Engine['addClient']>[0]): Promise<{ client: string }> {
  requireWritable(core, null);
  const { keyring } = core.open();
  const client = makeId('cli');
  const shared = await makeSpace(keyring, { kind: 'shared', role: 'practitioner' });
  const own = await makeSpace(keyring, { kind: 'own', role: 'practitioner' });
  await core.api.addClient({ client, name, email, shared: spaceMade(shared), own: spaceMade(own) }, `client.${client}`);
  await pinClient(core, { client, name, shared: shared.space, own: own.space });
  for (const made of [shared, own]) {
    const row = foundedRow(made, client);
    await core.ports.store.write(spacePut(core, row));
    await syncSpace(core, row);
  }
  await fetchClients(core);
  core.emitSpaces();
  return { client };
}

function clientOf(core: Core, client: string): ClientView {
  const found = core.clients.find((view) => view.client === client);
  if (!found) throw new NotHere();
  return found;
}

export async function renameClient(core: Core, client: string, input: { name?: string; email?: string | null }): Promise<void> {
  const known = clientOf(core, client);
  if (input.name !== undefined) await pinName(core, known, input.name);
  await core.api.changeClient(client, input, known.etag);
  await fetchClients(core);
}

/** A fresh invite; one that is open is withdrawn first, also one that another device made meanwhile, so that at most one link admits. */
export async function invite(core: Core, client: string, message = ''): Promise<InviteLink> {
  const { keyring, me } = core.open();
  const { name, shared } = clientOf(core, client);
  const space = spaceOf(core, shared);
  let link: InviteLink | null = null;
  await applyChange(core, space, async () => {
    await withdraw(core, space);
    // An empty text would not be read as a welcome.
    const welcome = { practice: me.practice.name, coach: me.name, client: name, message: message === '' ? ' ' : message };
    const made = await makeInvite(space.held(keyring), { role: 'client', welcome, last: space.lastSeqs(), at: new Date(core.ports.clock.now()) });
    link = { link: made.link.url(core.ports.origin), expiresAt: made.expires };
    await keepInvite(core, client, made.link.invite, link);
    return { change: made.change, invite: { invite: made.link.invite, client, pending_grant: b64u(made.pendingGrant), expires_at: made.expires } };
  });
  await fetchClients(core);
  if (link === null) throw new InviteNotOpen();
  return link;
}

async function keepInvite(core: Core, client: string, invite: string, { link, expiresAt }: InviteLink): Promise<void> {
  const sealed = await sealDraft(core.notebook().keys, { link, expiresAt });
  await core.ports.store.write(['device', inviteKey(core, client), { invite, sealed } satisfies KeptInvite]);
}

export async function inviteLink(core: Core, client: string): Promise<InviteLink | null> {
  const kept = await core.ports.store.read<KeptInvite>('device', inviteKey(core, client));
  const space = spaceOf(core, clientOf(core, client).shared);
  const isOpen = space.roster.invites.some(({ invite: id, state }) => id === kept?.invite && state === 'open');
  if (kept === null || !isOpen) return null;
  const { link, expiresAt } = await openDraft(core.notebook().keys, kept.sealed);
  return { link: readInviteLink(String(link)).url(core.ports.origin), expiresAt: String(expiresAt) };
}

export async function revokeInvite(core: Core, client: string): Promise<void> {
  const isWithdrawn = await withdraw(core, spaceOf(core, clientOf(core, client).shared));
  await core.ports.store.write(['device', inviteKey(core, client), null]);
  await fetchClients(core);
  if (!isWithdrawn) throw new InviteNotOpen();
}

/** Withdraws what is open; the new epoch shuts out whoever holds the link. */
async function withdraw(core: Core, space: Space): Promise<boolean> {
  const { keyring } = core.open();
  const open = () => space.roster.invites.find(({ state }) => state === 'open');
  if (!open()) return false;
  for (let found = open(); found; found = open()) {
    const { invite: id } = found;
    await applyChange(core, space, () => makeRevocation(space.held(keyring), id, space.lastSeqs()));
  }
  return true;
}

export async function removeMember(core: Core, space: string, person: string): Promise<void> {
  const found = spaceOf(core, space);
  const { keyring } = core.open();
  await applyChange(core, found, () => rotate(found.held(keyring), { remove: [person], last: found.lastSeqs() }));
  await fetchClients(core);
}

/** Checks every join that nobody has confirmed, and grants history. Runs by itself after each sync of a space that this person keeps. */
export async function confirmJoins(core: Core, space: Space): Promise<boolean> {
  const { account } = core.open();
  if (!space.roster.may(account.person, 'roster') || space.alarm !== null) return false;
  const joined = space.roster.unconfirmed;
  for (const { person } of joined) await confirm(core, space, person, 'link');
  return joined.length > 0;
}

async function confirm(core: Core, space: Space, person: string, how: 'link' | 'words' | 'qr'): Promise<void> {
  const { keyring } = core.open();
  const seen = space.row.members.find((member) => member.person === person);
  if (!seen) throw new NotHere();
  await expectListed(core, seen);
  const at = new Date(core.ports.clock.now());
  await applyChange(core, space, () => confirmJoin(space.held(keyring), { person, how, history: 'all', statement: seen.statement, at }));
  const keyHash = space.roster.member(person)?.keyHash;
  if (keyHash) await pin(core, [{ person, keyHash }]);
}

/** A member's key hash by the verified rosters. */
function keyHashOf(core: Core, person: string): string {
  core.open();
  for (const space of core.spaces.values()) {
    const member = space.roster.member(person);
    if (member) return member.keyHash;
  }
  throw new CodeOfAnother();
}

export async function safetyWords(core: Core, person: string): Promise<string[]> {
  return deriveSafetyWords(core.open().keyring.keyHash, keyHashOf(core, person));
}

/** Keepers write it into the roster; others remember it on this device. */
export async function markVerified(core: Core, space: Space, person: string, how: 'words' | 'qr'): Promise<void> {
  const { account } = core.open();
  const isKeeper = space.roster.may(account.person, 'roster');
  if (isKeeper) await confirm(core, space, person, how);
  else await core.note({ verified: { ...account.verified, [person]: { how, keyHash: keyHashOf(core, person) } } });
  if (isKeeper) await fetchClients(core);
  core.emitSpaces();
}

/** Who shows, their key hash; for whom, and the hash they know of them. */
const CODE = /^alcove-verify:(per_\w+):([\w-]{43}):(per_\w+):([\w-]{43})$/;

/** What one's screen shows to a person who scans it face to face. */
export function myCode(core: Core, person: string): string {
  const { account, keyring } = core.open();
  return `alcove-verify:${account.person}:${keyring.keyHash}:${person}:${keyHashOf(core, person)}`;
}

/**
 * A code from the other's screen, read face to face: both key hashes as that device knows them. When both agree with what is known here, nobody stands
 * in between, in either direction.
 * @throws {@link CodeOfAnother} @throws {@link CodeForAnother} @throws {@link KeyChanged}
 */
export async function scanCode(core: Core, text: string): Promise<{ person: string; name: string }> {
  const { account, keyring } = core.open();
  const [, person = '', keyHash = '', forWhom = '', theirs = ''] = CODE.exec(text) ?? [];
  const sharing = [...core.spaces.values()].find((space) => space.roster.member(person) !== null);
  if (!sharing || person === account.person) throw new CodeOfAnother();
  if (forWhom !== account.person) throw new CodeForAnother();
  if (sharing.roster.member(person)?.keyHash !== keyHash) throw new KeyChanged(person);
  if (theirs !== keyring.keyHash) throw new KeyChanged(account.person);
  await markVerified(core, sharing, person, 'qr');
  return { person, name: sharing.nameOf(person) };
}
