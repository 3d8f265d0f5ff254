import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FuseFilter, keyOf } from './filter';
import { formsOf } from './forms';
import { PasswordJudge } from './judge';
import { formReasons, passwordIsUsable, type PasswordRules } from './rules';

interface Vector {
  name: string;
  inputs: { password: string };
  outputs: { forms: string[]; keys_hex: string[]; blocked: boolean };
}

const bytes = (path: string): ArrayBuffer => new Uint8Array(readFileSync(new URL(path, import.meta.url))).buffer;
const file = bytes('./blocklist.bin');
const judge = new PasswordJudge(file);
const rules = (more: Partial<PasswordRules> = {}): PasswordRules => ({ lengthMin: 15, profile: 'nist', about: [], ...more });
const verdict = (password: string, more: Partial<PasswordRules> = {}) => judge.judge(password, rules(more));

describe('the blocklist', () => {
  const vectors = JSON.parse(readFileSync(new URL('../../../../tests/vectors/passwords.json', import.meta.url), 'utf8')) as Vector[];
  const filter = new FuseFilter(file);

  it.each(vectors)('reduces and looks up “$name” as the builder does', ({ inputs, outputs }) => {
    const byText = (one: string, other: string) => (Buffer.compare(Buffer.from(one), Buffer.from(other)));
    const forms = [...formsOf(inputs.password)].sort(byText);
    expect(forms).toEqual(outputs.forms);
    expect(forms.map((form) => keyOf(form).toString(16).padStart(16, '0'))).toEqual(outputs.keys_hex);
    expect(forms.some((form) => filter.has(form))).toBe(outputs.blocked);
  });

  it('is refused when it is cut off', () => {
    expect(() => new FuseFilter(file.slice(0, file.byteLength - 2))).toThrow(RangeError);
  });
});

describe('a verdict', () => {
  it('waits for something to judge', () => {
    expect(verdict('')).toEqual({ level: 'none', reasons: [] });
  });

  it('refuses what is too short, and says so first', () => {
    expect(verdict('tin harbour 9')).toMatchObject({ level: 'refused', reasons: ['short'] });
    expect(passwordIsUsable(verdict('tin harbour 9', { lengthMin: 12 }))).toBe(true);
  });

  it('takes long ones, up to 256 characters', () => {
    const line = 'we saw nine herons by the old mill; ';
    expect(verdict(Array.from({ length: 40 }, (_, n) => `heron ${n}`).join('; ').slice(0, 256)).level).toBe('strong');
    expect(verdict(line.repeat(8)).reasons).toEqual(['long']);
    expect(formReasons('x'.repeat(64), rules())).toEqual([]);
  });

  it('counts characters as they are stretched, in any script', () => {
    expect(verdict('静かな丘の上に赤い灯がともる夜').level).toBe('strong');
    expect(formReasons('e\u0301'.repeat(8), rules())).toEqual(['short']);
  });

  it.each(['the tin boat hums at noon', 'a quiet red hill', 'xK4#vQz9!mTr2w7'])('is good for “%s”', (password) => {
    expect(['good', 'strong']).toContain(verdict(password).level);
  });

  it.each([
    ['P@ssw0rdP@ssw0rd!', 'listed'],
    ['qwertyuiopasdfghjkl', 'listed'],
    ['aaaaaaaaaaaaaaaaaaaa', 'repeats'],
    ['blueblueblueblueblue', 'listed'],
    ['abcdefghijklmnop1234', 'listed'],
    ['MayaOkaforJuniper1', 'about-you'],
    ['maya.okafor@example', 'about-you'],
    ['0987654321qwerty', 'run'],
    ['monkeydragonmaster', 'common'],
  ])('is a refusal for “%s”: %s', (password, reason) => {
    const found = verdict(password, { about: ['Maya Okafor', 'Juniper Coaching', 'maya@example.org'] });
    expect(found.level).toBe('refused');
    expect(found.reasons).toContain(reason);
  });

  it('asks for kinds of characters only where the practice does', () => {
    expect(verdict('the tin boat hums at noon').reasons).toEqual([]);
    expect(verdict('the tin boat hums at noon', { profile: 'strict' })).toMatchObject({ level: 'refused', reasons: ['no-upper', 'no-digit'] });
    expect(passwordIsUsable(verdict('The tin boat hums at 9', { profile: 'strict' }))).toBe(true);
  });

  it('is quick also for what somebody pastes', () => {
    const began = performance.now();
    verdict('@4$!'.repeat(64));
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
