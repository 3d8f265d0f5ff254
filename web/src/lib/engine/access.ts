/**
 * Who else may read about a client: colleagues added as supervisor or cover, for a time or without an end. Keys come from the team's verified roster,
 * never from what the practice lists.
 */
import { addMember, KeyChanged, readKeyStatement, rotate, type Member } from '$lib/crypto';
import { applyChange } from './changing';
import { fetchClients } from './clients';
import type { Core } from './core';
import { expectListed } from './directory';
import { NotAColleague, RoleNotHere } from './errors';
import type { Space } from './space';
import { teamOf } from './team';
import type { Addition } from './types';
import { spaceOf } from './writing';

/** A colleague by the team's roster, whose statement is the one that everybody sees in the directory. */
async function colleague(core: Core, person: string): Promise<Member> {
  const team = teamOf(core);
  const member = team?.roster.member(person) ?? null;
  const seen = team?.row.members.find((found) => found.person === person);
  if (!team || member === null || !seen || !member.confirmed) throw new NotAColleague();
  await expectListed(core, seen);
  if ((await readKeyStatement(seen.statement)).keyHash !== member.keyHash) throw new KeyChanged(person);
  return member;
}

/** Adds a colleague to a space, or sets anew when the place of one who is there ends. */
export async function addToSpace(core: Core, id: string, { person, role, until, history }: Addition): Promise<void> {
  const space = spaceOf(core, id);
  const { keyring } = core.open();
  if (!space.roster.hasRole(role)) throw new RoleNotHere(role);
  const member = await colleague(core, person);
  const known = space.roster.member(person);
  const keys = { person, sign: member.sign, recipient: member.recipient };
  const how = known?.how ?? member.how ?? 'link';
  await applyChange(core, space, () => addMember(space.held(keyring), { keys, role, how, history, until, at: new Date(core.ports.clock.now()) }));
  await fetchClients(core);
  core.emitSpaces();
}

/**
 * Removes whoever's time is over, and makes the key that they never get. Runs by itself after each sync of a space that this person keeps: the
 * practice stopped serving them at the end, this makes it so by keys.
 */
export async function removeEnded(core: Core, space: Space): Promise<boolean> {
  const { account, keyring } = core.open();
  const now = new Date(core.ports.clock.now());
  const ended = () => space.roster.endedAt(now.toISOString()).map(({ person }) => person);
  if (space.alarm !== null || space.roster.closed || ended().length === 0 || !space.roster.may(account.person, 'roster')) return false;
  await applyChange(core, space, () => rotate(space.held(keyring), { remove: ended(), last: space.lastSeqs(), at: now }));
  return true;
}

/** The next end of anybody's time, in ms of the clock, or null. */
export function nextEnd(core: Core): number | null {
  const now = core.ports.clock.now();
  const ends = [...core.spaces.values()].flatMap(({ roster }) => roster.members.map(({ until }) => (until === null ? NaN : Date.parse(until))));
  const ahead = ends.filter((end) => end >= now);
  return ahead.length === 0 ? null : Math.min(...ahead);
}
