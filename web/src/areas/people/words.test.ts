import { expect, it } from 'vitest';
import type { PersonView } from '$lib/engine/types';
import { inGroups } from './words';

const person = (name: string, role: PersonView['role'], state: PersonView['state'] = 'active'): PersonView => ({
  person: name, name, email: null, role, roleName: null, rights: [], state, since: null, why: null, joinedAt: '', visitedAt: '', reviewedAt: null, sessions: 0, manageable: true, second: { passkeys: 0, totp: false, keys: 0, recoveryLeft: 0 },
});

it('keeps who works here, who is coached and closed accounts apart, each by name', () => {
  const groups = inGroups([person('Zoe', 'owner'), person('Ana', 'client'), person('Ben', 'rol_1', 'suspended'), person('Old', 'staff', 'deleted')]);
  expect(groups.colleagues.map(({ name }) => name)).toEqual(['Ben', 'Zoe']);
  expect(groups.clients.map(({ name }) => name)).toEqual(['Ana']);
  expect(groups.closed.map(({ name }) => name)).toEqual(['Old']);
});
