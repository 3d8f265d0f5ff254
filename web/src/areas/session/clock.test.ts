import { expect, it } from 'vitest';
import { elapsed, left_min } from './clock';

it('counts minutes and seconds, also over an hour', () => {
  expect(elapsed(0, 0)).toBe('00:00');
  expect(elapsed(1000, 32 * 60_000 + 11_000)).toBe('32:10');
  expect(elapsed(0, 75 * 60_000)).toBe('75:00');
  expect(elapsed(5000, 0)).toBe('00:00');
});

it('says what is left, and how much it is over', () => {
  expect(left_min(0, 32 * 60_000)).toBe(28);
  expect(left_min(0, 60 * 60_000)).toBe(0);
  expect(left_min(0, 65 * 60_000)).toBe(-5);
});
