/**
 * Lets Alcove start without a connection: keeps the entry page and the assets that were used, nothing else. It must
 * not touch the API, and keeps nothing that belongs to anybody: sealed copies live in the engine's own store.
 */
const shelf = 'alcove-pages-1';
const entry = '/';

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== 'GET' || address.origin !== self.location.origin) return;
  // Assets carry their hash in the name: what was fetched once is right for ever.
  if (address.pathname.startsWith('/assets/')) event.respondWith(keptAsset(request));
  else if (request.mode === 'navigate') event.respondWith(freshPage(request));
});

async function keptAsset(request) {
  const kept = await caches.match(request, { cacheName: shelf });
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await keep(request, answer.clone());
  return answer;
}

/** The server's page while it answers; the kept one while it does not. */
async function freshPage(request) {
  try {
    const answer = await fetch(request);
    if (answer.ok && isPage(answer)) await keepEntry(answer.clone());
    return answer;
  } catch (failure) {
    const kept = await caches.match(entry, { cacheName: shelf });
    if (kept) return kept;
    throw failure;
  }
}

/** Every address gives the same page. When it changes, the assets of the one before go. */
async function keepEntry(answer) {
  const before = await caches.match(entry, { cacheName: shelf });
  const now = await answer.clone().text();
  if (before && (await before.text()) === now) return;
  await caches.delete(shelf);
  await keep(entry, answer);
}

/** A full device keeps nothing, and works as long as it is connected. */
async function keep(request, answer) {
  try {
    const open = await caches.open(shelf);
    await open.put(request, answer);
  } catch (failure) {
    if (failure.name !== 'QuotaExceededError') throw failure;
  }
}

function isPage(answer) {
  return (answer.headers.get('Content-Type') ?? '').startsWith('text/html') && !answer.redirected;
}
