import { describe, expect, it } from 'vitest';
import { ProofNeeded } from '$lib/engine/errors';
import { needsProof, NotConfirmed, Proving } from './proving.svelte';

const tooOld = Object.assign(new Error(), { name: 'ApiProblem', code: 'proof-too-old' });

describe('an act that needs a fresh proof', () => {
  it('is done again once the person confirmed', async () => {
    const proving = new Proving();
    let tries = 0;
    const done = proving.run(async () => {
      tries += 1;
      if (tries === 1) throw tooOld;
      return 'done';
    });
    await Promise.resolve();
    await Promise.resolve();
    expect([tries, proving.asks]).toEqual([1, true]);
    proving.answer(true);
    expect(await done).toBe('done');
    expect([tries, proving.asks]).toEqual([2, false]);
  });

  it('stays undone when the question is closed', async () => {
    const proving = new Proving();
    const waits = proving.run(() => Promise.reject(new ProofNeeded()));
    await new Promise((resolve) => setTimeout(resolve));
    proving.answer(false);
    await expect(waits).rejects.toBeInstanceOf(NotConfirmed);
  });

  it('asks for nothing else', async () => {
    const proving = new Proving();
    await expect(proving.run(() => Promise.reject(new Error('full')))).rejects.toThrow('full');
    expect(proving.asks).toBe(false);
    expect([needsProof(tooOld), needsProof(new ProofNeeded()), needsProof(null)]).toEqual([true, true, false]);
  });
});
