import { expect, test } from 'vitest';
import { gateFor, homePath, pathAfterSignIn } from './pages';

test('open pages need nobody', () => {
  for (const path of ['/', '/claim', '/sign-in', '/sign-in/', '/i']) expect(gateFor(path, 'signed-out')).toBe('open');
  expect(gateFor('/sign-in', 'locked')).toBe('open');
});

test('everything else waits, locks, or asks to sign in', () => {
  expect(gateFor('/clients/cli_1', 'starting')).toBe('waiting');
  expect(gateFor('/clients/cli_1', 'locked')).toBe('lock');
  expect(gateFor('/clients/cli_1', 'signed-out')).toBe('sign-in');
  expect(gateFor('/clients/cli_1', 'open')).toBe('open');
});

test('set-up begins without an account, but is locked like the rest', () => {
  expect(gateFor('/set-up', 'signed-out')).toBe('open');
  expect(gateFor('/set-up', 'locked')).toBe('lock');
});

test('after signing in: back to where one was, never to another site', () => {
  expect(pathAfterSignIn('/clients/cli_1?tab=notes', 'owner')).toBe('/clients/cli_1?tab=notes');
  expect(pathAfterSignIn('//evil.example/x', 'owner')).toBe('/today');
  expect(pathAfterSignIn('/\\evil.example', 'owner')).toBe('/today');
  expect(pathAfterSignIn('https://evil.example', 'client')).toBe('/home');
  expect(pathAfterSignIn('/claim', 'client')).toBe(homePath('client'));
  expect(pathAfterSignIn(null, 'practitioner')).toBe('/today');
});
