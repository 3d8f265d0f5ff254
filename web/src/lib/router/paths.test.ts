import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillPath, findRoute, matchPath } from './paths';

describe('paths', () => {
  it('match piece by piece', () => {
    expect(matchPath('/clients/:client/notes/:note', '/clients/cli_1/notes/rec_2/')).toEqual({ client: 'cli_1', note: 'rec_2' });
    expect(matchPath('/clients/:client', '/clients')).toBeNull();
    expect(matchPath('/clients/new', '/clients/cli_1')).toBeNull();
    expect(matchPath('/', '/')).toEqual({});
  });

  it('do not match an address that cannot be decoded', () => {
    expect(matchPath('/clients/:client', '/clients/%E0%A4%A')).toBeNull();
  });

  it('come back from every filled address', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (client) => {
        expect(matchPath('/clients/:client/access', fillPath('/clients/:client/access', { client }))).toEqual({ client });
      }),
    );
  });

  it('need every parameter', () => {
    expect(() => fillPath('/clients/:client', {})).toThrow('needs client');
  });

  it('find the first that fits', () => {
    const routes = [{ path: '/clients/new' }, { path: '/clients/:client' }];
    expect(findRoute(routes, '/clients/new')?.route).toBe(routes[0]);
    expect(findRoute(routes, '/clients/x')).toEqual({ route: routes[1], params: { client: 'x' } });
    expect(findRoute(routes, '/nothing')).toBeNull();
  });
});
