/** Ranges of sequence numbers: what a header names as not acknowledged, and what a reader misses. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countOf, drawTogether, missingBelow, RANGES_MAX, readRanges, without, type Range } from '../numbers';
import { refusal } from './world';

const numbersOf = (ranges: readonly Range[]) => ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i));
const some = fc.uniqueArray(fc.integer({ min: 1, max: 60 }));

describe('ranges', () => {
  test('are the numbers that are not held, in the form that readers accept', () => {
    fc.assert(fc.property(some, fc.integer({ min: 1, max: 61 }), (held, below) => {
      const ranges = missingBelow(below, held);
      const expected = Array.from({ length: below - 1 }, (_, i) => i + 1).filter((n) => !held.includes(n));
      expect(numbersOf(ranges)).toEqual(expected);
      expect(countOf(ranges)).toBe(expected.length);
      expect(readRanges(JSON.parse(JSON.stringify(ranges)), below, 'record')).toEqual(ranges);
    }));
  });

  test('are cut by others, number by number', () => {
    fc.assert(fc.property(some, some, (a, b) => {
      const [ranges, others] = [missingBelow(61, a), missingBelow(61, b)];
      expect(numbersOf(without(ranges, others))).toEqual(numbersOf(ranges).filter((n) => !numbersOf(others).includes(n)));
    }));
  });

  test('that are too many are drawn together, and lose none', () => {
    const every2nd = Array.from({ length: 200 }, (_, i): Range => [2 * i + 1, 2 * i + 1]);
    const drawn = drawTogether(every2nd);
    expect(drawn).toHaveLength(RANGES_MAX);
    expect(without(every2nd, drawn)).toEqual([]);
    expect(readRanges(drawn, 500, 'record')).toEqual(drawn);
  });

  test('of a number without end cost nothing', () => {
    expect(missingBelow(Number.MAX_SAFE_INTEGER, [5])).toEqual([[1, 4], [6, Number.MAX_SAFE_INTEGER - 1]]);
  });

  test('that are written in another way are refused', async () => {
    const read = (value: unknown) => refusal(Promise.resolve().then(() => readRanges(value, 10, 'record')));
    for (const odd of [undefined, null, 3, [3], [[3]], [[3, 2]], [[0, 2]], [[1, 10]], [[1, 2, 3]], [[4, 5], [1, 2]], [[1, 2], [3, 4]], [[1.5, 2]], [['1', '2']], Array.from({ length: 65 }, (_, i) => [2 * i + 1, 2 * i + 1])]) {
      expect(await read(odd), JSON.stringify(odd)).toBe('Malformed');
    }
    expect(await read([[1, 2], [4, 9]])).toBe('accepted');
  });
});
