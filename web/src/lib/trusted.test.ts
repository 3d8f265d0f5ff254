import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const origin = 'https://practice.example';

beforeEach(() => {
  vi.resetModules();
  vi.stubEnv('DEV', false);
  vi.stubGlobal('location', { origin });
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

describe('our own scripts', () => {
  it('pass: hashed assets and the service worker', async () => {
    const { ownScript } = await import('./trusted');
    expect(ownScript('/assets/kdf-a1B2_c3.js', origin)).toBe(`${origin}/assets/kdf-a1B2_c3.js`);
    expect(ownScript('/sw.js', origin)).toBe(`${origin}/sw.js`);
  });

  it.each([
    'https://elsewhere.example/assets/kdf.js',
    '//elsewhere.example/assets/kdf.js',
    '/assets/../files/evil.js',
    '/api/v1/files/fil_1/content',
    '/assets/kdf.js.svg',
    'data:text/javascript,alert(1)',
    'blob:https://practice.example/1',
    'javascript:alert(1)',
  ])('refuse %s', async (url) => {
    const { ownScript } = await import('./trusted');
    expect(() => ownScript(url, origin)).toThrow(TypeError);
  });
});

describe('workers', () => {
  it('start through the one policy where Trusted Types exist', async () => {
    const createPolicy = vi.fn((_name: string, rules: { createScriptURL(url: string): string }) => ({
      createScriptURL: (url: string) => ({ trusted: rules.createScriptURL(url) }),
    }));
    const Worker = vi.fn();
    vi.stubGlobal('trustedTypes', { createPolicy });
    vi.stubGlobal('Worker', Worker);
    const { newWorker } = await import('./trusted');
    newWorker('/assets/kdf-1.js');
    expect(createPolicy.mock.calls.map(([name]) => name)).toEqual(['app']);
    expect(Worker).toHaveBeenCalledWith({ trusted: `${origin}/assets/kdf-1.js` }, { type: 'module' });
  });

  it('start without Trusted Types, with the same check', async () => {
    const Worker = vi.fn();
    vi.stubGlobal('Worker', Worker);
    const { newWorker } = await import('./trusted');
    newWorker('/assets/kdf-1.js');
    expect(Worker).toHaveBeenCalledWith(`${origin}/assets/kdf-1.js`, { type: 'module' });
    expect(() => newWorker('https://elsewhere.example/assets/kdf-1.js')).toThrow(TypeError);
  });
});
