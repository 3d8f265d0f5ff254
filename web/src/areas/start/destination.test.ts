import { expect, it } from 'vitest';
import { destination } from './destination';

const practice = { name: null, zone: null, origin: null, restore_pending: false, version: '0.1.0' };

it('leads to the claim until the practice is set up, then to sign-in', () => {
  expect(destination({ ...practice, state: 'unclaimed' })).toBe('/claim');
  expect(destination({ ...practice, state: 'claimed' })).toBe('/claim');
  expect(destination({ ...practice, state: 'active' })).toBe('/sign-in');
});
