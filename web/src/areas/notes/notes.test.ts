import { beforeAll, describe, expect, it } from 'vitest';
import type { NoteView, SpaceView } from '$lib/engine/types';
import { loadTexts } from '$lib/i18n';
import { notesOf, savedWords, stateOf, titleOf, toFinish } from './notes';

beforeAll(() => loadTexts(['notes']));

const note = (record: string, more: Partial<NoteView> = {}): NoteView => ({
  kind: 'note', space: 'spc_1', record, rev: 1, author: 'per_1', authorName: 'Maya', mine: true, at: '2026-11-20T16:04:00Z', madeAt: '2026-11-20T16:00:00Z',
  sending: 'sent', refusal: null, conflict: null, title: record, session_on: null, doc: null, private: false, state: 'draft', sharedFrom: null, sharedAs: null, ...more,
});
const shared = (stale: boolean) => ({ space: 'spc_2', record: 'rec_s', rev: 1, stale });
const space = (...notes: NoteView[]) => ({ notes }) as unknown as SpaceView;

describe('a note', () => {
  it('is a draft until shared, then shared, then perhaps changed', () => {
    expect(stateOf(note('a'))).toBe('draft');
    expect(stateOf(note('a', { sharedAs: shared(false) }))).toBe('shared');
    expect(stateOf(note('a', { sharedAs: shared(true) }))).toBe('changed');
    expect(stateOf(note('a', { private: true, state: 'final' }))).toBe('private');
  });

  it('is listed once, under its own name or its day', () => {
    const own = space(note('own', { sharedAs: shared(false) }), note('thought', { private: true, session_on: '2026-11-23' }));
    const listed = notesOf(own, space(note('rec_s', { sharedFrom: { id: 'own', rev: 1 } }), note('other', { sharedFrom: { id: 'gone', rev: 1 } })));
    expect(listed.map(({ note: { record } }) => record)).toEqual(['thought', 'own', 'other']);
    expect(titleOf(note('a', { title: ' ', session_on: '2026-11-20' }), 'UTC')).toContain('Friday 20 November');
  });

  it('asks to be finished only while something is open', () => {
    const all = notesOf(space(note('a'), note('b', { sharedAs: shared(true) }), note('c', { sharedAs: shared(false) }), note('d', { private: true, state: 'final' })), null);
    expect(toFinish(all).map(({ note: { record } }) => record)).toEqual(['a', 'b']);
  });
});

it('says where the text is kept', () => {
  const saved = (state: 'empty' | 'typing' | 'device' | 'uploaded') => ({ state, at: '2026-11-20T17:04:00Z', trouble: null });
  expect(savedWords(saved('device'), 'Europe/Berlin', false)).toBe('Saved on this device 18:04');
  expect(savedWords(saved('device'), 'Europe/Berlin', true)).toBe('Saved on this device 18:04, waiting to be sent');
  expect(savedWords(saved('uploaded'), 'Europe/Berlin', false)).toBe('Saved and sent 18:04');
});
