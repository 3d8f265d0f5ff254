import { expect, it } from 'vitest';
import { daysIn } from './days';

it('takes whole numbers within the bounds', () => {
  expect(daysIn(' 180 ', 30, 730)).toBe(180);
  for (const bad of ['', '1.5', '29', '731', 'many', '-40', '1e2']) expect(daysIn(bad, 30, 730)).toBeNull();
});
