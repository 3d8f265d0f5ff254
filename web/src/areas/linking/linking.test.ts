import { describe, expect, it } from 'vitest';
import { clockOf, secondsLeft } from './countdown';
import { dropDeviceLink, holdDeviceLink } from './held';

describe('the time that is left', () => {
  it('runs from ten minutes to nothing, whatever the clock does', () => {
    expect([0, 1, 599_000, 600_000, 999_999, -5_000].map((passed) => secondsLeft(0, passed))).toEqual([600, 600, 1, 0, 0, 600]);
    expect([600, 65, 9, 0].map(clockOf)).toEqual(['10:00', '1:05', '0:09', '0:00']);
  });
});

describe('the link in this tab', () => {
  it('survives a reload and is forgotten once used', () => {
    const kept = new Map<string, string>();
    const store = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value), removeItem: (key: string) => void kept.delete(key) } as unknown as Storage;
    expect(holdDeviceLink('', store)).toBe('');
    expect([holdDeviceLink('slt_1.a.b', store), holdDeviceLink('', store)]).toEqual(['slt_1.a.b', 'slt_1.a.b']);
    dropDeviceLink(store);
    expect(holdDeviceLink('', store)).toBe('');
  });
});
