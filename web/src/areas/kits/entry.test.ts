import { expect, test } from 'vitest';
import { kitTextLooksRight, wordsTyped } from './entry';

test('words are counted however they are numbered', () => {
  expect(wordsTyped('1. orchard\n2) land, river')).toBe(3);
  expect(wordsTyped('')).toBe(0);
  expect(wordsTyped('AGE-SECRET-KEY-PQ-1QQ')).toBe(0);
});

test('a kit file is recognised, a photo is not', () => {
  expect(kitTextLooksRight('# Alcove personal kit\n# words: a b\nAGE-SECRET-KEY-PQ-1QQ\n')).toBe(true);
  expect(kitTextLooksRight(Array(24).fill('word').join(' '))).toBe(true);
  expect(kitTextLooksRight('\u0000PNG')).toBe(false);
  expect(kitTextLooksRight('')).toBe(false);
});
