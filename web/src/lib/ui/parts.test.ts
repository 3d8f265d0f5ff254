import { encode } from 'uqr';
import { describe, expect, it } from 'vitest';
import { initials } from './initials';
import { qrPath } from './qr';
import { dismissToast, toast, toasts } from './toasts.svelte';

describe('initials', () => {
  it('take the first and the last name', () => {
    expect(initials('Maya Okafor')).toBe('MO');
    expect(initials('Ana')).toBe('A');
    expect(initials('  Juan  Carlos de la Vega ')).toBe('JV');
    expect(initials('ángela Łukasz')).toBe('ÁŁ');
    expect(initials('Lena (office)')).toBe('L');
    expect(initials('')).toBe('');
  });
});

describe('a QR path', () => {
  it('draws exactly the dark modules', () => {
    const text = 'https://practice.example/join/inv_1#secret';
    const { path, side } = qrPath(text);
    const dark = new Set<string>();
    for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
      for (let step = 0; step < Number(length); step += 1) dark.add(`${Number(x) + step} ${y}`);
    }
    const expected = encode(text, { ecc: 'M', border: 4 });
    expect(side).toBe(expected.size);
    expected.data.forEach((row, y) => row.forEach((on, x) => expect(dark.has(`${x} ${y}`)).toBe(on)));
  });
});

describe('toasts', () => {
  it('keep at most three, oldest first, and go away', () => {
    for (const text of ['one', 'two', 'three', 'four']) toast(text);
    expect(toasts().map((one) => one.text)).toEqual(['two', 'three', 'four']);
    for (const one of toasts()) dismissToast(one.id);
    expect(toasts()).toEqual([]);
  });
});
