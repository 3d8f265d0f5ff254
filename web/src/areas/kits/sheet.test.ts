import { expect, test } from 'vitest';
import { asWord, grouped } from './sheet';

test('a typed word is compared without capitals, spaces and its number', () => {
  expect(asWord('  Orchard ')).toBe('orchard');
  expect(asWord('7. orchard')).toBe('orchard');
  expect(asWord('19)land')).toBe('land');
});

test('groups of four', () => {
  expect(grouped('abcdefghij')).toBe('abcd efgh ij');
});
