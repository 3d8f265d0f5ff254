import { describe, expect, it } from 'vitest';
import { ProofNeeded } from '$lib/engine/errors';
import { Attempt } from './attempt.svelte';

const settled = () => new Promise((resolve) => setTimeout(resolve));

describe('an attempt', () => {
  it('runs one act at a time, and says which', async () => {
    const attempt = new Attempt();
    let finish = () => {};
    const first = attempt.run('first', () => new Promise<void>((resolve) => (finish = resolve)));
    expect(attempt.busy).toBe('first');
    expect(await attempt.run('second', async () => undefined)).toBe(false);
    finish();
    expect([await first, attempt.busy, attempt.fault]).toEqual([true, null, null]);
  });

  it('has words for what refused it until the next one', async () => {
    const attempt = new Attempt((failure) => ({ title: (failure as Error).message, text: '' }));
    expect(await attempt.run('it', () => Promise.reject(new Error('full')))).toBe(false);
    expect(attempt.fault?.title).toBe('full');
    await attempt.run('it', async () => undefined);
    expect(attempt.fault).toBeNull();
  });

  it('is no failure where the person did not confirm', async () => {
    const attempt = new Attempt();
    const waits = attempt.run('it', () => Promise.reject(new ProofNeeded()));
    await settled();
    attempt.proving.answer(false);
    expect([await waits, attempt.fault, attempt.busy]).toEqual([false, null, null]);
  });

  it('is done once the person confirmed', async () => {
    const attempt = new Attempt();
    let tries = 0;
    const waits = attempt.run('it', async () => {
      tries += 1;
      if (tries === 1) throw new ProofNeeded();
    });
    await settled();
    attempt.proving.answer(true);
    expect([await waits, tries]).toEqual([true, 2]);
  });
});
