import { expect, test } from 'vitest';
import { digitsOf, inGroups, recoveryFile } from './codes';

test('a code is its digits, however it is typed', () => {
  expect([digitsOf('123 456'), digitsOf('１２３４５６'), digitsOf(' 12-34 56 ')]).toEqual(['123456', '123456', '123456']);
});

test('a secret is typed in groups', () => {
  expect(inGroups('ABCDEFGHIJ')).toBe('ABCD EFGH IJ');
  expect(inGroups('ABCDEFGH')).toBe('ABCD EFGH');
});

test('a file of codes says what they are for', () => {
  expect(recoveryFile(['AAAA', 'BBBB'], 'For Maya')).toBe('For Maya\n\nAAAA\nBBBB\n');
});
