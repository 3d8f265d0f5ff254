import { expect, test } from 'vitest';
import { pathOf, qrDrawing, veiledDrawing } from './qr';

test('neighbouring dark modules become one rectangle', () => {
  expect(pathOf([[true, true, false, true]])).toBe('M0 0h2v1h-2zM3 0h1v1h-1z');
  expect(pathOf([[false], [true]])).toBe('M0 1h1v1h-1z');
});

test('a code has a quiet zone and depends on its text', () => {
  const code = qrDrawing('AGE-SECRET-KEY-PQ-1QQQQ');
  expect(code.size).toBeGreaterThan(21);
  expect(code.path).not.toContain('M0 ');
  expect(qrDrawing('AGE-SECRET-KEY-PQ-1PPPP').path).not.toBe(code.path);
});

test('the veiled code is the same for everybody', () => {
  expect(veiledDrawing()).toEqual(veiledDrawing());
});
