import { beforeEach, expect, test } from 'vitest';
import { dropDraft, keepDraft, readDraft, type SetUpDraft } from './draft';

const beginning: SetUpDraft = { step: 'practice', practice: '', zone: 'Europe/Berlin', name: '', email: '' };
let kept: Map<string, string>;
const store = {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => void kept.set(key, value),
  removeItem: (key: string) => void kept.delete(key),
} as Storage;

beforeEach(() => (kept = new Map()));

test('a reload in the tab loses nothing that was typed', () => {
  const typed: SetUpDraft = { step: 'sign-in', practice: 'Juniper', zone: 'Asia/Tokyo', name: 'Maya', email: 'm@j.example' };
  keepDraft(typed, store);
  expect(readDraft(beginning, store)).toEqual(typed);
  dropDraft(store);
  expect(readDraft(beginning, store)).toEqual(beginning);
});

test('nothing odd gets in', () => {
  kept.set('alcove-set-up', '{"step":"kits","practice":7,"name":"Maya"}');
  expect(readDraft(beginning, store)).toEqual({ ...beginning, name: 'Maya' });
  kept.set('alcove-set-up', 'not json');
  expect(readDraft(beginning, store)).toEqual(beginning);
});
