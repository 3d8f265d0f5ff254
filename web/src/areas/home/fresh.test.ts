import { beforeAll, expect, it } from 'vitest';
import type { SpaceView } from '$lib/engine/types';
import { loadTexts } from '$lib/i18n';
import { freshIn } from './fresh';

beforeAll(() => loadTexts(['home', 'files', 'notes']));

it('tells what is new since the last visit, and messages that were not shown', () => {
  const at = '2026-11-23T10:00:00Z';
  const space = {
    lastReadAt: null,
    notes: [{ record: 'n1', mine: false, at, madeAt: at, rev: 1, title: 'Session 7' }, { record: 'n2', mine: false, at: '2026-11-01T10:00:00Z', rev: 1, title: 'Old' }],
    files: [{ record: 'f1', mine: true, at, name: 'mine.pdf' }],
    messages: [{ record: 'm1', mine: false, at: '2026-11-23T12:00:00Z' }, { record: 'm2', mine: false, at: '2026-11-23T12:01:00Z' }],
  } as unknown as SpaceView;
  expect(freshIn(space, '2026-11-20T00:00:00Z', 'UTC').map(({ title }) => title)).toEqual(['2 new messages', 'Note: Session 7']);
  expect(freshIn(space, null, 'UTC')).toHaveLength(3);
});
