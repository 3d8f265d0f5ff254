import { expect, it } from 'vitest';
import { civilOf, endOfDay } from './end-of-day';

it('ends a day just before the next one, and leads back', () => {
  const end = endOfDay('2026-12-03');
  expect(civilOf(end)).toBe('2026-12-03');
  expect(civilOf(new Date(Date.parse(end) + 1).toISOString())).toBe('2026-12-04');
});
