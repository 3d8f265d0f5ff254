/**
 * The team: who works in this practice, with keys that its roster vouches for. Founded here when the first colleague is invited; colleagues join it by
 * link as clients join a shared space. It decides nothing about clients.
 */
import { b64u, makeInvite, makeSpace, openDraft, readInviteLink, revokeInvite, sealDraft, type Member } from '$lib/crypto';
import { ApiProblem, type Colleague, type Me } from '$lib/api';
import { requireWritable } from './alarms';
import { applyChange } from './changing';
import type { Core } from './core';
import { InviteNotOpen, TeamNotHere } from './errors';
import { foundedRow, spaceMade } from './founding';
import type { Space } from './space';
import { spacePut, syncSpace } from './sync';
import type { ColleagueInvite, ColleagueInviteView, ColleagueView, InviteLink, TeamView } from './types';
import { memberView } from './views';

interface KeptInvite {
  readonly invite: string;
  readonly sealed: Uint8Array<ArrayBuffer>;
}

const inviteKey = (core: Core, invite: string) => `${core.prefix}colleague/${invite}`;

/** The practice's team, if this person is in it. */
export function teamOf(core: Core): Space | null {
  return [...core.spaces.values()].find(({ kind }) => kind === 'team') ?? null;
}

/** Whether the team's roster ever had this person with these keys: somebody whom a colleague vouches for. */
export function isKnownColleague(core: Core, { person, keyHash }: Pick<Member, 'person' | 'keyHash'>): boolean {
  return teamOf(core)?.roster.hadMember(person, keyHash) ?? false;
}

/** The team, founded now where there is none. */
async function needTeam(core: Core): Promise<Space> {
  const known = teamOf(core);
  if (known) return known;
  requireWritable(core, null);
  const made = await makeSpace(core.open().keyring, { kind: 'team', role: 'keeper', at: new Date(core.ports.clock.now()) });
  try {
    await core.api.beginTeam(spaceMade(made), `team.${made.space}`);
  } catch (error) {
    const isThere = error instanceof ApiProblem && error.code === 'team-exists';
    if (isThere) throw new TeamNotHere();
    throw error;
  }
  const row = foundedRow(made, null);
  await core.ports.store.write(spacePut(core, row));
  await syncSpace(core, row);
  core.emitSpaces();
  const founded = teamOf(core);
  if (!founded) throw new TeamNotHere();
  return founded;
}

/** Those who may invite and suspend colleagues keep the team's roster. The practice checks the same. */
function placeOf(role: string, isKeeper: boolean): 'keeper' | 'colleague' {
  return role === 'owner' || role === 'admin' || isKeeper ? 'keeper' : 'colleague';
}

/** A link for one colleague. An open one for the same name is withdrawn first, so that at most one admits. */
export async function inviteColleague(core: Core, input: ColleagueInvite): Promise<InviteLink & { invite: string }> {
  const { keyring, me } = core.open();
  const { name, role, email = null, message = '', managesPeople = false } = input;
  const space = await needTeam(core);
  const before = (await core.api.colleagues()).invites.filter((open) => open.name === name);
  for (const { invite } of before) await withdraw(core, space, invite);
  let made: (InviteLink & { invite: string }) | null = null;
  await applyChange(core, space, async () => {
    // An empty text would not be read as a welcome.
    const welcome = { practice: me.practice.name, coach: me.name, client: name, message: message === '' ? ' ' : message, role };
    const order = { role: placeOf(role, managesPeople), welcome, last: space.lastSeqs(), at: new Date(core.ports.clock.now()) };
    const { change, link, expires, pendingGrant } = await makeInvite(space.held(keyring), order);
    made = { invite: link.invite, link: link.url(core.ports.origin), expiresAt: expires };
    await keepInvite(core, made);
    return { change, invite: { invite: link.invite, client: null, colleague: { role, name, email }, pending_grant: b64u(pendingGrant), expires_at: expires } };
  });
  core.emitSpaces();
  if (made === null) throw new InviteNotOpen();
  return made;
}

async function keepInvite(core: Core, { invite, link, expiresAt }: InviteLink & { invite: string }): Promise<void> {
  const sealed = await sealDraft(core.notebook().keys, { link, expiresAt });
  await core.ports.store.write(['device', inviteKey(core, invite), { invite, sealed } satisfies KeptInvite]);
}

/** The link of an open invite, where this device made it. */
export async function colleagueLink(core: Core, invite: string): Promise<InviteLink | null> {
  const kept = await core.ports.store.read<KeptInvite>('device', inviteKey(core, invite));
  const isOpen = teamOf(core)?.roster.invites.some(({ invite: id, state }) => id === invite && state === 'open') ?? false;
  if (kept === null || !isOpen) return null;
  const { link, expiresAt } = await openDraft(core.notebook().keys, kept.sealed);
  return { link: readInviteLink(String(link)).url(core.ports.origin), expiresAt: String(expiresAt) };
}

export async function revokeColleagueInvite(core: Core, invite: string): Promise<void> {
  const space = teamOf(core);
  if (!space) throw new InviteNotOpen();
  if (!(await withdraw(core, space, invite))) throw new InviteNotOpen();
}

/** The new epoch shuts out whoever holds the link. */
async function withdraw(core: Core, space: Space, invite: string): Promise<boolean> {
  const { keyring } = core.open();
  const isOpen = () => space.roster.invites.some(({ invite: id, state }) => id === invite && state === 'open');
  if (!isOpen()) return false;
  await applyChange(core, space, () => revokeInvite(space.held(keyring), invite, space.lastSeqs()));
  await core.ports.store.write(['device', inviteKey(core, invite), null]);
  core.emitSpaces();
  return true;
}

/** The colleagues: who they are and how they are known by the verified roster; names and roles as the practice says. */
export async function team(core: Core): Promise<TeamView> {
  const { me } = core.open();
  const space = teamOf(core);
  const { colleagues, invites } = me.role === 'client' ? { colleagues: [], invites: [] } : await core.api.colleagues();
  const views = colleagues.flatMap((said) => colleagueView(core, space, said) ?? []);
  const open = await Promise.all(invites.map((said) => inviteView(core, said)));
  return { space: space?.id ?? null, keeper: space?.roster.may(me.person, 'roster') ?? mayManagePeople(me), colleagues: views, invites: open };
}

export function mayManagePeople({ rights }: Pick<Me, 'rights'>): boolean {
  return rights.includes('manage-people');
}

/** Nobody is a colleague by the practice's word alone. */
function colleagueView(core: Core, space: Space | null, said: Colleague): ColleagueView | null {
  const member = space?.roster.member(said.person);
  if (!space || !member) return null;
  const { you, how, verified, compared, keysChanged } = memberView(core, space, member);
  const { person, name, role, role_name: roleName, manages_clients: managesClients, state } = said;
  return { person, name, role, roleName, managesClients, active: state === 'active', you, how, verified, compared, keysChanged, confirmed: member.confirmed };
}

async function inviteView(core: Core, { invite, name, role, role_name: roleName, expires_at: expiresAt }: Awaited<ReturnType<Core['api']['colleagues']>>['invites'][number]): Promise<ColleagueInviteView> {
  const kept = await core.ports.store.read<KeptInvite>('device', inviteKey(core, invite));
  return { invite, name, role, roleName, expiresAt, here: kept !== null };
}
