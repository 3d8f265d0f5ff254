import { expect, test } from 'vitest';
import { findGround, isNumber, type Surroundings } from './ground';

const fine: Surroundings = { secure: true, hostname: 'practice.example', passkeys: true, registers: async () => undefined };
const refuse = (name: string) => async () => {
  throw Object.assign(new Error(name), { name });
};

test('a host name with a trusted certificate is good', async () => {
  expect(await findGround(fine)).toBe('good');
});

test('the worst obstacle is named', async () => {
  expect(await findGround({ ...fine, secure: false, hostname: '10.0.0.5' })).toBe('insecure');
  expect(await findGround({ ...fine, hostname: '10.0.0.5' })).toBe('number');
  expect(await findGround({ ...fine, registers: refuse('SecurityError') })).toBe('untrusted');
  expect(await findGround({ ...fine, passkeys: false })).toBe('no-passkeys');
});

test('a missing service worker is not a certificate', async () => {
  expect(await findGround({ ...fine, registers: refuse('TypeError') })).toBe('good');
});

test('numbers and names', () => {
  expect(['127.0.0.1', '[::1]', '::1', '192.168.1.20'].map(isNumber)).toEqual([true, true, true, true]);
  expect(['localhost', 'practice.lan', '1.example'].map(isNumber)).toEqual([false, false, false]);
});
