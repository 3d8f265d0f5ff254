import { expect, test } from 'vitest';
import { secondsLeft } from './countdown';

test('counts down to the lock and not below', () => {
  expect(secondsLeft({ locksAt: 60_000, heldUntil: null }, 15_500)).toBe(45);
  expect(secondsLeft({ locksAt: 60_000, heldUntil: null }, 61_000)).toBe(0);
});

test('session mode holds the lock open', () => {
  expect(secondsLeft({ locksAt: 60_000, heldUntil: 600_000 }, 0)).toBe(600);
  expect(secondsLeft({ locksAt: null, heldUntil: 600_000 }, 0)).toBeNull();
});
