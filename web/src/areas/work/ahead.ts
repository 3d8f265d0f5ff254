/**
 * Fetches the pages of daily work while nothing else is to do, so that each of them opens without a connection, too.
 * It must not hurry: a page that cannot be fetched now is fetched when it is visited. Begun again with every connection.
 */
import { loadTexts } from '$lib/i18n';
import type { Route } from '$lib/router';
import { otherPlace, type Visitor } from './destinations';

const ofWork = /^\/(today|clients|people|messages|outbox|home|notes|space|settings)(\/|$)/;

/** The pages that this person may open. */
export function pagesOf<R extends Route>(routes: readonly R[], me: Visitor): R[] {
  return routes.filter(({ path }) => ofWork.test(path) && otherPlace(path, me) === null);
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
