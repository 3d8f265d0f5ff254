import { beforeAll, expect, it } from 'vitest';
import type { SpaceView } from '$lib/engine/types';
import { loadTexts } from '$lib/i18n';
import { greetingId } from './greeting';
import { happenedIn, since } from './happened';

beforeAll(() => loadTexts(['today', 'files']));

it('greets by the hour where the person is', () => {
  const at = Date.parse('2026-11-24T07:30:00Z');
  expect(greetingId(at, 'Europe/Berlin')).toBe('greeting-morning');
  expect(greetingId(at, 'Asia/Tokyo')).toBe('greeting-afternoon');
  expect(greetingId(at, 'America/Los_Angeles')).toBe('greeting-evening');
});

it('tells what others did, newest first, and nothing of what oneself did', () => {
  const space = {
    members: [{ person: 'per_a', name: 'Ana Abara', you: false }, { person: 'per_m', name: 'Maya', you: true }],
    messages: [{ record: 'm1', mine: false, authorName: 'Ana Abara', madeAt: '2026-11-23T10:00:00Z' }, { record: 'm2', mine: true, authorName: 'Maya', madeAt: '2026-11-23T12:00:00Z' }],
    files: [{ record: 'f1', mine: false, authorName: 'Ana Abara', madeAt: '2026-11-20T10:00:00Z', name: 'plan.pdf' }],
    actions: [
      { record: 'a1', title: 'Call Sam', done: { by: 'per_a', at: '2026-11-23T11:00:00Z' } },
      { record: 'a2', title: 'Rest', done: { by: 'per_m', at: '2026-11-23T11:30:00Z' } },
    ],
  } as unknown as SpaceView;
  const happened = happenedIn(space, { client: 'cli_1' });
  expect(happened.map(({ words }) => words)).toEqual(['Ana finished “Call Sam”', 'Ana wrote a message', 'Ana sent plan.pdf']);
  expect(since(happened, '2026-11-22T00:00:00Z')).toHaveLength(2);
  expect(since(happened, null)).toHaveLength(3);
});
