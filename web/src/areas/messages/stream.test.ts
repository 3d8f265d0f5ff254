import { beforeAll, expect, it } from 'vitest';
import type { MessageView, SpaceView } from '$lib/engine/types';
import { loadTexts } from '$lib/i18n';
import { inDays, subjectOf, unreadIn } from './stream';

beforeAll(() => loadTexts(['notes']));

const message = (record: string, at: string, mine = false) => ({ record, at, madeAt: at, mine, text: record }) as MessageView;

it('parts a conversation at midnight of the reader, not of the server', () => {
  const messages = [message('a', '2026-11-23T22:30:00Z'), message('b', '2026-11-23T23:30:00Z')];
  expect(inDays(messages, 'Europe/Berlin', Date.parse('2026-11-24T08:00:00Z')).map(({ label }) => label)).toEqual(['Yesterday', 'Today']);
  expect(inDays(messages, 'UTC', Date.parse('2026-11-24T08:00:00Z'))).toHaveLength(1);
});

it('counts what others wrote since', () => {
  const space = { lastReadAt: '2026-11-23T10:00:00Z', messages: [message('a', '2026-11-23T09:00:00Z'), message('b', '2026-11-23T11:00:00Z'), message('c', '2026-11-23T12:00:00Z', true)] } as SpaceView;
  expect(unreadIn(space).map(({ record }) => record)).toEqual(['b']);
  expect(unreadIn(space, null)).toHaveLength(2);
});

it('finds what a message is about', () => {
  const space = { notes: [{ record: 'n', title: 'Session 7' }], actions: [{ record: 'x', title: 'Call Sam' }], files: [] } as unknown as SpaceView;
  expect(subjectOf(space, 'n', 'UTC')).toMatchObject({ kind: 'note', title: 'Session 7' });
  expect(subjectOf(space, 'x', 'UTC')).toMatchObject({ kind: 'action' });
  expect(subjectOf(space, 'gone', 'UTC')).toBeNull();
});
