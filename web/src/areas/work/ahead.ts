/**
 * Fetches the pages of daily work while nothing else is to do, so that each of them opens without a connection, too.
 * It must not hurry: a page that cannot be fetched now is fetched when it is visited. Begun again with every connection.
 */
import type { Role } from '$lib/engine/types';
import { loadTexts } from '$lib/i18n';
import type { Route } from '$lib/router';
import { otherPlace } from './destinations';

const ofWork = /^\/(today|clients|messages|outbox|home|notes|space|settings)(\/|$)/;

/** The pages that a person of this role may open. */
export function pagesOf<R extends Route>(routes: readonly R[], role: Role): R[] {
  return routes.filter(({ path }) => ofWork.test(path) && otherPlace(path, role) === null);
}

/** Pages that are fetched at the same time. */
const abreast = 4;

/** Fetches a few at a time. The answer stops it. */
export function fetchAhead(pages: readonly Route[], wait: (then: () => void) => void = whenIdle): () => void {
  let stopped = false;
  const left = [...pages];
  const next = () => {
    const some = left.splice(0, abreast);
    if (some.length === 0 || stopped) return;
    void Promise.allSettled(some.flatMap((page) => [page.load(), loadTexts(page.texts ?? [])])).then(() => wait(next));
  };
  wait(next);
  return () => {
    stopped = true;
  };
}

/** Safari has no idle callbacks: a moment then. */
function whenIdle(then: () => void): void {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(then, { timeout: 2000 });
  else setTimeout(then, 200);
}
