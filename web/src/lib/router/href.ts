/** Addresses of our pages, checked against the routes. Pure: it needs no browser. */
import type { AppPath } from '../../routes';
import { fillPath, type Params } from './paths';

/** Typed addresses: `href('/clients/:client', { client })`. */
export function href<P extends AppPath>(path: P, ...params: keyof Params<P> extends never ? [] : [Params<P>]): string {
  return fillPath(path, params[0]);
}
