import { expect, test } from 'vitest';
import { refusalOf } from './refusals';

test('problems of the server and of the link are told apart by name', () => {
  expect(refusalOf({ name: 'ApiProblem', code: 'invite-spent' })).toBe('spent');
  expect(refusalOf({ name: 'InviteLinkAltered' })).toBe('altered');
  expect(refusalOf({ name: 'Offline' })).toBeNull();
  expect(refusalOf(undefined)).toBeNull();
});
