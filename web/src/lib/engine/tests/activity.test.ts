/** What is new of an account's activity: since this device has shown it, and never its own first sign-in. */
import { describe, expect, it } from 'vitest';
import { newActivity, seenActivity } from '../activity';
import type { Core } from '../core';
import type { ActView } from '../types';

function device() {
  const kept = new Map<string, unknown>();
  const acts: ActView[] = [];
  const add = (n: number) => acts.unshift({ n, at: '2026-11-24T10:00:00Z', code: 'session.opened', part: 'own', by: 'visitor', name: null, network: null, device: null, facts: [] });
  const core = {
    prefix: 'per_1/',
    api: { activity: () => Promise.resolve({ acts: [...acts], next: null }) },
    ports: {
      store: {
        read: (_table: string, key: string) => Promise.resolve(kept.get(key) ?? null),
        write: (...puts: [string, string, unknown][]) => Promise.resolve(puts.forEach(([, key, value]) => kept.set(key, value))),
      },
    },
  } as unknown as Core;
  const numbers = async () => (await newActivity(core)).map(({ n }) => n);
  return { core, add, numbers };
}

describe('new activity', () => {
  it('begins where a device looks for the first time', async () => {
    const { add, numbers } = device();
    add(4);
    expect(await numbers()).toEqual([]);
    add(9);
    expect(await numbers()).toEqual([9]);
    expect(await numbers(), 'stays until somebody looked').toEqual([9]);
  });

  it('is gone once it was shown, and looking at older pages brings nothing back', async () => {
    const { core, add, numbers } = device();
    add(1);
    await numbers();
    add(2);
    add(3);
    await seenActivity(core, 3);
    await seenActivity(core, 1);
    expect(await numbers()).toEqual([]);
    add(4);
    expect(await numbers()).toEqual([4]);
  });
});
