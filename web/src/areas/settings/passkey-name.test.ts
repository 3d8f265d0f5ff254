import { beforeAll, expect, it } from 'vitest';
import { loadTexts } from '$lib/i18n';
import { nameOffered } from './passkey-name';

const mac = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15';

beforeAll(() => loadTexts(['settings']));

it('is the system, with a number where that name is taken', () => {
  expect(nameOffered(mac, [])).toBe('Mac');
  expect(nameOffered(mac, ['Mac', 'iPhone'])).toBe('Mac 2');
  expect(nameOffered(mac, ['Mac', 'Mac 2'])).toBe('Mac 3');
});

it('is a plain word where the system is not known', () => {
  expect(nameOffered('something else', [])).toBe('My passkey');
});
