import { expect, it } from 'vitest';
import type { Route } from '$lib/router';
import { fetchAhead, pagesOf } from './ahead';

const page = (path: string, loaded: string[] = [], fails = false): Route => ({
  path,
  load: async () => {
    loaded.push(path);
    if (fails) throw new Error('offline');
    return { default: (() => undefined) as never };
  },
});

it('knows the pages of each role', () => {
  const routes = ['/', '/sign-in', '/today', '/clients/:client', '/home', '/messages', '/settings/keys'].map((path) => page(path));
  expect(pagesOf(routes, { role: 'owner', rights: [] }).map(({ path }) => path)).toEqual(['/today', '/clients/:client', '/messages', '/settings/keys']);
  expect(pagesOf(routes, { role: 'client', rights: [] }).map(({ path }) => path)).toEqual(['/home', '/messages', '/settings/keys']);
});

it('goes on after one that cannot be fetched, and stops when told', async () => {
  const loaded: string[] = [];
  fetchAhead([page('/today', loaded, true), page('/clients', loaded)], (then) => void setTimeout(then));
  const stop = fetchAhead([page('/never', loaded)], (then) => void setTimeout(then));
  stop();
  await expect.poll(() => loaded).toEqual(['/today', '/clients']);
});
