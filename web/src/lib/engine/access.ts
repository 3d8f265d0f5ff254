/**
 * Who else may read about a client: colleagues added as supervisor or cover, for a time or without an end. Keys come from the team's verified roster,
 * never from what the practice lists.
 */
import { addMember, changeRole, grantAgain, KeyChanged, leaveSpace, readKeyStatement, rotate, type Member } from '$lib/crypto';
import type { MemberSeen } from '$lib/api';
import { awayIn } from './away';
import { applyChange, grantsOf } from './changing';
import { fetchClients } from './clients';
import type { Core } from './core';
import { expectListed } from './directory';
import { NotAColleague, RoleNotHere } from './errors';
import { letGo } from './knowing';
import type { Space } from './space';
import { spacePut } from './sync';
import { teamOf } from './team';
import type { Addition, Handing } from './types';
import { spaceOf } from './writing';

/** A colleague by the team's roster, whose statement is the one that everybody sees in the directory. */
async function colleague(core: Core, person: string): Promise<{ member: Member; seen: MemberSeen }> {
  const team = teamOf(core);
  const member = team?.roster.member(person) ?? null;
  const seen = team?.row.members.find((found) => found.person === person);
  if (!team || member === null || !seen || !member.confirmed) throw new NotAColleague();
  await expectListed(core, seen);
  if ((await readKeyStatement(seen.statement)).keyHash !== member.keyHash) throw new KeyChanged(person);
  return { member, seen };
}

/** Adds a colleague to a space, or sets anew when the place of one who is there ends. */
export async function addToSpace(core: Core, id: string, { person, role, until, history }: Addition): Promise<void> {
  const space = spaceOf(core, id);
  const { keyring } = core.open();
  if (!space.roster.hasRole(role)) throw new RoleNotHere(role);
  const { member, seen } = await colleague(core, person);
  const known = space.roster.member(person);
  const keys = { person, sign: member.sign, recipient: member.recipient };
  const how = known?.how ?? member.how ?? 'link';
  await applyChange(core, space, () => addMember(space.held(keyring), { keys, role, how, history, until, at: new Date(core.ports.clock.now()) }));
  // Their name is known here already, whatever the practice lists.
  space.row = { ...space.row, members: [...space.row.members.filter((listed) => listed.person !== person), { ...seen, role }] };
  await core.ports.store.write(spacePut(core, space.row));
  await fetchClients(core);
  core.emitSpaces();
}

/** Somebody who is here in another place, or not yet, looks after the client from now on, with all that was shared. */
async function makePractitioner(core: Core, space: Space, person: string): Promise<void> {
  const { keyring } = core.open();
  const known = space.roster.member(person);
  if (known === null) return addToSpace(core, space.id, { person, role: 'practitioner', until: null, history: 'all' });
  const at = new Date(core.ports.clock.now());
  const { role, how, sign, recipient } = known;
  const endless = { keys: { person, sign, recipient }, role, how: how ?? 'link', history: 'all', at } as const;
  if (known.until !== null) await applyChange(core, space, () => addMember(space.held(keyring), endless));
  await applyChange(core, space, () => changeRole(space.held(keyring), person, 'practitioner', at));
  await core.api.addGrants(space.id, grantsOf([await grantAgain(space.held(keyring), person)]));
}

/**
 * Hands a client over: the colleague becomes practitioner with everything that was shared, then this person reads on as supervisor, or leaves. What
 * is in their own space stays theirs. A repeat after half of it goes on where it stopped.
 */
export async function handOver(core: Core, client: string, { person, stay }: Handing): Promise<void> {
  const { account, keyring } = core.open();
  const shared = core.clients.find((view) => view.client === client)?.shared ?? '';
  const space = spaceOf(core, shared);
  if (stay && !space.roster.hasRole('supervisor')) throw new RoleNotHere('supervisor');
  if (space.roster.member(person)?.role !== 'practitioner') await makePractitioner(core, space, person);
  const at = new Date(core.ports.clock.now());
  await applyChange(core, space, () => (stay ? changeRole(space.held(keyring), account.person, 'supervisor', at) : leaveSpace(space.held(keyring), at)));
  if (!stay) {
    core.spaces.delete(space.id);
    await letGo(core, client);
  }
  await fetchClients(core);
  core.emitSpaces();
}

/**
 * Removes whoever's time is over or whose account was closed, and makes the key that they never get. Runs by itself after each sync of a space that
 * this person keeps: the practice stopped serving them, this makes it so by keys.
 */
export async function removeGone(core: Core, space: Space): Promise<boolean> {
  const { account, keyring } = core.open();
  const now = new Date(core.ports.clock.now());
  const isGone = (member: Member) => space.roster.endedAt(now.toISOString()).includes(member) || awayIn(core, space.id, member.person) === 'closed';
  const gone = () => space.roster.members.filter(isGone).map(({ person }) => person);
  if (space.alarm !== null || space.roster.closed || gone().length === 0 || !space.roster.may(account.person, 'roster')) return false;
  await applyChange(core, space, () => rotate(space.held(keyring), { remove: gone(), last: space.lastSeqs(), at: now }));
  return true;
}

/** The next end of anybody's time, in ms of the clock, or null. */
export function nextEnd(core: Core): number | null {
  const now = core.ports.clock.now();
  const ends = [...core.spaces.values()].flatMap(({ roster }) => roster.members.map(({ until }) => (until === null ? NaN : Date.parse(until))));
  const ahead = ends.filter((end) => end >= now);
  return ahead.length === 0 ? null : Math.min(...ahead);
}
