/** Changes of a roster: made on this device, sent as one request, and made again from a fresh roster when another device was faster. */
import { b64u, type MemberGrant, type SpaceChange } from '$lib/crypto';
import { ApiProblem, type Grant, type InviteMade } from '$lib/api';
import { requireWritable } from './alarms';
import type { Core } from './core';
import type { Space } from './space';
import { spacePut, syncSpace } from './sync';

const TRIES = 4;

export function grantsOf(grants: readonly MemberGrant[]): Grant[] {
  return grants.map(({ to, epoch, bytes }) => ({ to, epoch, body: b64u(bytes) }));
}

export interface Change {
  readonly change: SpaceChange;
  readonly invite?: InviteMade;
}

/**
 * Makes a change and has the server accept it. Whoever loses a race throws the change away, secret and all, and makes a new one.
 * @param make builds from the space as it is now; called again after each lost race
 */
export async function applyChange(core: Core, space: Space, make: () => Promise<SpaceChange | Change>): Promise<void> {
  requireWritable(core, space.id);
  for (let left = TRIES; ; left--) {
    const made = await make();
    const { change, invite = null } = 'change' in made ? made : { change: made, invite: null };
    try {
      await core.api.appendRoster(space.id, { head: change.expectedHead ?? '', entries: [...change.entries], grants: grantsOf(change.grants), invite });
    } catch (error) {
      const isLost = error instanceof ApiProblem && error.code === 'roster-moved';
      if (!isLost || left <= 1) throw error;
      await syncSpace(core, space.row);
      continue;
    }
    await keep(core, space, change);
    return;
  }
}

/** Adopts what the server has accepted. The grant to oneself comes with the next sync; the key is here already. */
async function keep(core: Core, space: Space, change: SpaceChange): Promise<void> {
  // The event stream may have been faster: then the entries are here already.
  const isHere = space.roster.size >= change.roster.size;
  if (!isHere) space.roster = change.roster;
  space.keys = space.keys.with(change.keys);
  const mine = change.grants.filter(({ to }) => to === core.open().account.person).map(({ bytes }) => bytes);
  space.row = { ...space.row, entries: isHere ? space.row.entries : [...space.row.entries, ...change.entries], grants: [...space.row.grants, ...mine] };
  await core.ports.store.write(spacePut(core, space.row));
  core.emitSpaces();
}
