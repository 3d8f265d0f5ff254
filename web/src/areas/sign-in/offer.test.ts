import { afterEach, describe, expect, it, vi } from 'vitest';
import type { PasskeyOffer } from '$lib/engine/types';
import { PasskeyCancelled } from '$lib/engine/errors';
import { listsPasskeys, offerPasskeys } from './offer';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const seen = () => Promise.resolve();

/** A browser's list: it waits until its signal. */
const waiting = ({ stop }: PasskeyOffer) =>
  new Promise<string>((_, reject) => {
    if (stop.aborted) reject(new PasskeyCancelled());
    stop.addEventListener('abort', () => reject(new PasskeyCancelled()));
  });

describe('passkeys that are listed', () => {
  it('sign in once one is picked', async () => {
    const onpicked = vi.fn();
    const signIn = async (offer: PasskeyOffer) => {
      offer.onpicked();
      return 'in';
    };
    expect(await offerPasskeys({ signIn, stop: new AbortController().signal, onpicked, seen })).toEqual({ entered: 'in' });
    expect(onpicked).toHaveBeenCalledOnce();
  });

  it('end when another way is taken', async () => {
    const stop = new AbortController();
    const waits = offerPasskeys({ signIn: waiting, stop: stop.signal, onpicked: vi.fn(), seen });
    await Promise.resolve();
    stop.abort();
    expect(await waits).toBeNull();
  });

  it('are asked for anew before the practice forgets the request', async () => {
    const anew = new AbortController();
    vi.spyOn(AbortSignal, 'timeout').mockReturnValueOnce(anew.signal);
    const signIn = vi.fn(waiting).mockImplementationOnce(waiting).mockResolvedValueOnce('in');
    const waits = offerPasskeys({ signIn, stop: new AbortController().signal, onpicked: vi.fn(), seen });
    await Promise.resolve();
    anew.abort();
    expect(await waits).toEqual({ entered: 'in' });
    expect(signIn).toHaveBeenCalledTimes(2);
    vi.restoreAllMocks();
  });

  it('are given up quietly where the browser refuses before anything was picked', async () => {
    const signIn = vi.fn(() => Promise.reject(new PasskeyCancelled()));
    expect(await offerPasskeys({ signIn, stop: new AbortController().signal, onpicked: vi.fn(), seen })).toBeNull();
    expect(signIn).toHaveBeenCalledOnce();
  });

  it('say what refused the one that was picked', async () => {
    const signIn = async ({ onpicked }: PasskeyOffer) => {
      onpicked();
      throw new Error('unknown');
    };
    await expect(offerPasskeys({ signIn, stop: new AbortController().signal, onpicked: vi.fn(), seen })).rejects.toThrow('unknown');
  });

  it('are shown only where the browser says that it can', async () => {
    expect(await listsPasskeys()).toBe(false);
    vi.stubGlobal('PublicKeyCredential', class {});
    expect(await listsPasskeys()).toBe(false);
    vi.stubGlobal('PublicKeyCredential', { isConditionalMediationAvailable: async () => true });
    expect(await listsPasskeys()).toBe(true);
  });
});
