import { expect, test } from 'vitest';
import { judgePassword, passwordIsUsable } from './password';

const level = (password: string, about: string[] = []) => judgePassword(password, 15, about).level;

test('nothing typed gets no verdict', () => {
  expect(judgePassword('', 15)).toEqual({ level: 'none', reasons: [] });
});

test('too short is refused and says so first', () => {
  expect(judgePassword('tin harbour 9', 15)).toMatchObject({ level: 'refused', reasons: ['short'] });
  expect(judgePassword('tin harbour 9', 12).level).not.toBe('refused');
});

test('a short sentence is good', () => {
  expect(level('the tin boat hums at noon')).toBe('strong');
  expect(passwordIsUsable(judgePassword('a quiet red hill', 15))).toBe(true);
});

test('length alone does not make what everybody tries', () => {
  expect(level('passwordpassword')).toBe('refused');
  expect(level('P@ssw0rdP@ssw0rd!')).toBe('refused');
  expect(level('aaaaaaaaaaaaaaaaaaaa')).toBe('refused');
  expect(level('abcabcabcabcabcabc')).toBe('refused');
  expect(level('qwertyuiopasdfghjkl')).toBe('refused');
  expect(level('abcdefghijklmnop1234')).toBe('refused');
});

test('name and practice count for nothing', () => {
  expect(judgePassword('MayaOkaforJuniper1', 15, ['Maya Okafor', 'Juniper Coaching'])).toMatchObject({
    level: 'refused',
    reasons: ['about-you'],
  });
});

test('letters of any script count as characters', () => {
  expect(level('静かな丘の上に赤い灯がともる夜')).toBe('good');
});
