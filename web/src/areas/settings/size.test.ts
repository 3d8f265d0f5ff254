import { expect, test } from 'vitest';
import { sizeInWords } from './size';

test('sizes read as in a file manager', () => {
  expect(sizeInWords(0)).toBe('0 byte');
  expect(sizeInWords(840_400)).toBe('840 kB');
  expect(sizeInWords(12_345_678)).toBe('12.3 MB');
  expect(sizeInWords(5e12)).toBe('5,000 GB');
});
