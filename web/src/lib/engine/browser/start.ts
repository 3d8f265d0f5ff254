/** Starts the engine in a window: browser ports, and the mirror that screens read. */
import { Api } from '$lib/api';
import type { alarms, outbox, session, spaces, transfers } from '$lib/state/mirror.svelte';
import { openEngine, type AlcoveEngine } from '../engine';
import type { Ports } from '../ports';
import { IdbStore } from '../store/idb';
import { deviceLabel } from './device-label';
import { files } from './files';
import { passkeys } from './passkeys';
import { stretch } from './stretch';
import { locks, neighbours } from './windows';

export interface Mirror {
  readonly session: typeof session;
  readonly spaces: typeof spaces;
  readonly outbox: typeof outbox;
  readonly alarms: typeof alarms;
  readonly transfers: typeof transfers;
}

export async function startEngine(mirror: Mirror): Promise<AlcoveEngine> {
  const clock = {
    now: () => Date.now(),
    after(ms: number, call: () => void) {
      const timer = setTimeout(call, ms);
      return () => clearTimeout(timer);
    },
  };
  const ports: Ports = { store: await IdbStore.open(), clock, passkeys, stretch, files, locks, neighbours, origin: location.origin, deviceLabel: deviceLabel(navigator.userAgent), live: true };
  const engine = await openEngine(ports, new Api({ origin: location.origin, headless: false }));
  reflect(engine, mirror);
  // Sealed copies and what waits should outlive the browser's tidying.
  // WebKitGTK has no storage manager at all, whatever the types say.
  void (navigator.storage as StorageManager | undefined)?.persist();
  addEventListener('online', () => engine.wake());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') void engine.flush();
    else engine.wake();
  });
  addEventListener('pagehide', () => void engine.flush());
  return engine;
}

/** Everything the engine tells, as reactive values. */
function reflect(engine: AlcoveEngine, { session, spaces, outbox, alarms, transfers }: Mirror): void {
  const showSession = () => {
    session.state = engine.state;
    session.me = engine.me;
    spaces.loaded = engine.core.loaded;
  };
  showSession();
  outbox.entries = engine.core.outbox;
  engine.on('session', showSession);
  engine.on('spaces', (all) => {
    spaces.all = all;
    spaces.loaded = engine.core.loaded;
  });
  engine.on('clients', (clients) => (spaces.clients = clients));
  engine.on('outbox', (entries) => (outbox.entries = entries));
  engine.on('alarms', (all) => (alarms.all = all));
  engine.on('transfers', (all) => (transfers.all = all));
  engine.on('connection', (connection) => (session.connection = connection));
  engine.onIdle = (idle) => (session.idle = { ...idle });
}
