/**
 * Sets of sequence numbers as ranges: a device that wrote a hundred items without a connection names one range, not a hundred numbers.
 */
import { Malformed } from './errors/files';
import { isCount } from './json';

/** First and last number, both in it. */
export type Range = readonly [from: number, to: number];

/** The most ranges that a header carries. */
export const RANGES_MAX = 64;

/** Ascending, apart from each other, all from 1 to below `below`. @throws {@link Malformed} */
export function readRanges(value: unknown, below: number, what: string): Range[] {
  if (!Array.isArray(value) || value.length > RANGES_MAX) throw new Malformed(what);
  let before = -1;
  return value.map((range: unknown) => {
    const [from, to, more] = Array.isArray(range) ? (range as unknown[]) : [];
    if (!isCount(from, 1) || !isCount(to, 1) || more !== undefined) throw new Malformed(what);
    // Neighbours would be one range.
    if (from <= before + 1 || to < from || to >= below) throw new Malformed(what);
    before = to;
    return [from, to];
  });
}

/** The numbers from 1 to below `below` that are not held. */
export function missingBelow(below: number, held: Iterable<number>): Range[] {
  const ranges: Range[] = [];
  let next = 1;
  for (const n of [...new Set(held)].filter((found) => found < below).sort((a, b) => a - b)) {
    if (n > next) ranges.push([next, n - 1]);
    next = n + 1;
  }
  if (below > next) ranges.push([next, below - 1]);
  return ranges;
}

/** At most as many ranges as a header carries: more are drawn together where they are closest. */
export function drawTogether(ranges: readonly Range[]): Range[] {
  const drawn = [...ranges];
  while (drawn.length > RANGES_MAX) {
    const gaps = drawn.slice(1).map(([from], i) => from - (drawn[i]?.[1] ?? 0));
    const least = gaps.indexOf(Math.min(...gaps));
    drawn.splice(least, 2, [drawn[least]?.[0] ?? 1, drawn[least + 1]?.[1] ?? 1]);
  }
  return drawn;
}

/** What is in the ranges and in none of the others. */
export function without(ranges: readonly Range[], others: readonly Range[]): Range[] {
  const cut = ([from, to]: Range, [first, last]: Range): Range[] => {
    if (last < from || first > to) return [[from, to]];
    const rest: Range[] = [];
    if (first > from) rest.push([from, first - 1]);
    if (last < to) rest.push([last + 1, to]);
    return rest;
  };
  return others.reduce((left: readonly Range[], other) => left.flatMap((range) => cut(range, other)), ranges).slice();
}

export function countOf(ranges: readonly Range[]): number {
  return ranges.reduce((count, [from, to]) => count + to - from + 1, 0);
}
