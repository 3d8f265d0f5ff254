/**
 * Paths with parameters: `/clients/:client/notes/:note`. Pure text work; it must not touch the browser.
 */

/** The names of the parameters in a path. */
export type ParamNames<P extends string> = P extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamNames<`/${Rest}`>
  : P extends `${string}:${infer Name}`
    ? Name
    : never;

/** The parameters of a path as text. */
export type Params<P extends string> = Record<ParamNames<P>, string>;

/** The address for a path, each parameter escaped. @throws Error when a parameter is missing or empty. */
export function fillPath(path: string, params: Record<string, string> = {}): string {
  return path.replace(/:(\w+)/g, (_, name: string) => {
    const value = params[name];
    if (!value) throw new Error(`The path ${path} needs ${name}`);
    return encodeURIComponent(value);
  });
}

/** The parameters if the address has this path, else null. A slash at the end does not matter. */
export function matchPath(path: string, address: string): Record<string, string> | null {
  const want = pieces(path);
  const have = pieces(address);
  if (want.length !== have.length) return null;
  const params: Record<string, string> = {};
  for (const [index, piece] of want.entries()) {
    const value = have[index] as string;
    if (!piece.startsWith(':')) {
      if (piece !== value) return null;
      continue;
    }
    const text = decoded(value);
    if (text === null) return null;
    params[piece.slice(1)] = text;
  }
  return params;
}

/** The first route whose path fits. Write fixed paths before those with parameters. */
export function findRoute<R extends { path: string }>(
  routes: readonly R[],
  address: string,
): { route: R; params: Record<string, string> } | null {
  for (const route of routes) {
    const params = matchPath(route.path, address);
    if (params) return { route, params };
  }
  return null;
}

function pieces(path: string): string[] {
  return path.split('/').filter((piece) => piece !== '');
}

function decoded(piece: string): string | null {
  try {
    return decodeURIComponent(piece);
  } catch {
    return null;
  }
}
