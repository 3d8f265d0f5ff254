import { beforeAll, expect, it } from 'vitest';
import { loadTexts } from '$lib/i18n';
import { savedName, sizeWords, visibleName } from './names';

beforeAll(() => loadTexts(['files']));

it('makes marks that turn the direction visible', () => {
  expect(visibleName('invoice\u202Efdp.exe')).toBe('invoice[U+202E]fdp.exe');
  expect(visibleName('a\u200Bb\u2066c\n.txt')).toBe('a[U+200B]b[U+2066]c[U+000A].txt');
  expect(visibleName('Über uns – 日本.pdf')).toBe('Über uns – 日本.pdf');
  expect(visibleName('  ')).toBe('File without a name');
  expect(visibleName(null)).toBe('A file');
});

it('saves under a name without folders', () => {
  expect(savedName('../../etc/passwd')).toBe('__.._etc_passwd');
  expect(savedName('a:b?.txt')).toBe('a_b_.txt');
  expect(savedName(`${'x'.repeat(300)}.pdf`)).toHaveLength(180);
});

it('says sizes with at most three figures', () => {
  expect(sizeWords(0)).toBe('0 bytes');
  expect(sizeWords(999)).toBe('999 bytes');
  expect(sizeWords(3_400_000)).toBe('3.4 MB');
  expect(sizeWords(250_000)).toBe('250 kB');
  expect(sizeWords(2_100_000_000_000)).toBe('2100 GB');
});
