import { expect, it } from 'vitest';
import { homeOf, otherPlace, type Visitor } from './destinations';

const client: Visitor = { role: 'client', rights: [] };
const owner: Visitor = { role: 'owner', rights: ['manage-clients', 'see-people'] };
const practitioner: Visitor = { role: 'practitioner', rights: ['manage-clients'] };
const admin: Visitor = { role: 'admin', rights: ['see-people'] };
const staff: Visitor = { role: 'staff', rights: [] };

it('keeps coach and client on their own pages', () => {
  expect(otherPlace('/today', client)).toBe('/home');
  expect(otherPlace('/clients/cli_1/notes', client)).toBe('/home');
  expect(otherPlace('/people', client)).toBe('/home');
  expect(otherPlace('/home', owner)).toBe('/today');
  expect(otherPlace('/space/files', practitioner)).toBe('/today');
});

it('leaves shared pages and their own alone', () => {
  expect(otherPlace('/messages', client)).toBeNull();
  expect(otherPlace('/messages', owner)).toBeNull();
  expect(otherPlace('/notes/rec_1', client)).toBeNull();
  expect(otherPlace('/homes', owner)).toBeNull();
  expect(otherPlace('/people/roles', owner)).toBeNull();
});

it('shows people to those who may see them, and clients to those who coach', () => {
  expect(otherPlace('/people', practitioner)).toBe('/today');
  expect(otherPlace('/clients', admin)).toBe('/people');
  expect(otherPlace('/today', staff)).toBe('/settings');
  expect(homeOf(admin)).toBe('/people');
  expect(homeOf({ role: 'rol_1', rights: ['manage-clients'] })).toBe('/today');
});
