import { expect, it } from 'vitest';
import { NotePlace } from './place.svelte';

it('stays with one draft while it gets its address, and opens another for every other address', () => {
  let asked = $state('new');
  const place = new NotePlace(() => asked);
  const first = place.key;
  expect([place.isNew, place.isPrivate]).toEqual([true, false]);
  place.name('rec_1');
  expect(place.key).toBe(first);
  asked = 'rec_1';
  place.follow();
  expect(new Set([place.key, first]).size).toBe(1);
  expect(place.isNew).toBe(true);
  asked = 'rec_2';
  expect([place.key, place.isNew]).toEqual(['rec_2', false]);
  asked = 'private';
  expect(place.key).not.toBe(first);
  expect(place.isPrivate).toBe(true);
  asked = 'new';
  expect(place.key).not.toBe(first);
});
