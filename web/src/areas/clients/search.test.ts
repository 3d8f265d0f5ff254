import { beforeAll, expect, it } from 'vitest';
import type { ClientView } from '$lib/engine/types';
import { loadTexts } from '$lib/i18n';
import { reach } from './reach';
import { clientState, findClients } from './search';

beforeAll(() => loadTexts(['clients']));

const client = (name: string, more: Partial<ClientView> = {}): ClientView => ({
  client: name, name, email: null, zone: null, createdAt: '', etag: '', person: null, state: 'added', compared: false, shared: '', own: '', practitioner: '', place: 'practitioner', invite: null, ...more,
});

it('finds by any part, without accents, and sorts by name', () => {
  const all = [client('Esi Haas'), client('Ángela Pérez', { email: 'angela@example.org' }), client('Ben Costa')];
  expect(findClients(all, '').map(({ name }) => name)).toEqual(['Ángela Pérez', 'Ben Costa', 'Esi Haas']);
  expect(findClients(all, 'perez ang').map(({ name }) => name)).toEqual(['Ángela Pérez']);
  expect(findClients(all, 'example.org')).toHaveLength(1);
  expect(findClients(all, 'nobody')).toEqual([]);
});

it('says how far each is', () => {
  const invite = { expiresAt: '2026-11-20T00:00:00Z', here: true };
  expect(clientState(client('a')).text).toBe('Added');
  expect(clientState(client('a', { state: 'invited', invite }), Date.parse('2026-11-19T00:00:00Z')).text).toBe('Invited');
  expect(clientState(client('a', { state: 'invited', invite }), Date.parse('2026-11-21T00:00:00Z')).text).toBe('Invite expired');
  expect(clientState(client('a', { state: 'verified' })).tone).toBe('ok');
});

it('knows addresses that a phone elsewhere cannot reach', () => {
  expect(reach('https://localhost:8443')).toBe('this-device');
  expect(reach('https://127.0.0.1')).toBe('this-device');
  expect(reach('https://alcove.local')).toBe('this-network');
  expect(reach('https://192.168.1.20')).toBe('this-network');
  expect(reach('https://office')).toBe('this-network');
  expect(reach('https://juniper.example')).toBe('anywhere');
});
