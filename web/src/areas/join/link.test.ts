import { expect, test } from 'vitest';
import { dropLink, holdLink } from './link';

test('the tab remembers the link until it is dropped', () => {
  const kept = new Map<string, string>();
  const store = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  } as Storage;
  expect(holdLink('', store)).toBe('');
  expect(holdLink('inv_1.S.hash', store)).toBe('inv_1.S.hash');
  expect(holdLink('', store)).toBe('inv_1.S.hash');
  dropLink(store);
  expect(holdLink('', store)).toBe('');
});

test('without storage the link still works once', () => {
  const store = {
    setItem: () => {
      throw new Error('refused');
    },
  } as unknown as Storage;
  expect(holdLink('inv_1.S.hash', store)).toBe('inv_1.S.hash');
});
