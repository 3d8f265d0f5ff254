/**
 * What the engine says, as reactive values for templates. The engine pushes; screens read. Nothing here decides anything or knows keys.
 */
import type { AlarmView, ClientView, Connection, MeView, OutboxEntry, SessionState, SpaceView, Transfer } from '$lib/engine/types';

class Session {
  state = $state.raw<SessionState>({ at: 'starting' });
  me = $state.raw<MeView | null>(null);
  connection = $state.raw<Connection | 'unknown'>('unknown');
  /** Nothing can be sent or fetched now. */
  readonly isCutOff = $derived(this.connection === 'offline' || this.connection === 'sealed');
  idle = $state.raw<{ locksAt: number | null; heldUntil: number | null }>({ locksAt: null, heldUntil: null });
}

class Spaces {
  all = $state.raw<readonly SpaceView[]>([]);
  clients = $state.raw<readonly ClientView[]>([]);
  loaded = $state.raw(false);
  readonly unread = $derived(this.all.reduce((sum, space) => sum + unreadIn(space), 0));

  space(id: string): SpaceView | null {
    return this.all.find(({ space }) => space === id) ?? null;
  }
  client(id: string): ClientView | null {
    return this.clients.find(({ client }) => client === id) ?? null;
  }
  /** The space shared with that client. */
  shared(client: string): SpaceView | null {
    return this.#about(client, 'shared');
  }
  /** What only the practitioner reads about that client. */
  own(client: string): SpaceView | null {
    return this.#about(client, 'own');
  }
  /** For a client: the space shared with their coach. */
  home(): SpaceView | null {
    return this.all.find(({ kind }) => kind === 'shared') ?? null;
  }
  notebook(): SpaceView | null {
    return this.all.find(({ kind }) => kind === 'notebook') ?? null;
  }

  #about(client: string, kind: SpaceView['kind']): SpaceView | null {
    return this.all.find((space) => space.client === client && space.kind === kind) ?? null;
  }
}

function unreadIn({ messages, lastReadAt }: SpaceView): number {
  return messages.filter(({ mine, at }) => !mine && (lastReadAt === null || at > lastReadAt)).length;
}

class Outbox {
  entries = $state.raw<readonly OutboxEntry[]>([]);
  readonly refused = $derived(this.entries.filter(({ state }) => state === 'refused').length);
  readonly waiting = $derived(this.entries.length - this.refused);
}

class Alarms {
  all = $state.raw<readonly AlarmView[]>([]);
  /** Writing is stopped everywhere: a restore nobody signed yet, or a server that went back in time. */
  readonly readOnly = $derived(this.all.some(({ stopsWriting, space }) => stopsWriting && space === null));
}

class Transfers {
  all = $state.raw<readonly Transfer[]>([]);

  /** The transfer of a file record, the latest first. */
  of(record: string): Transfer | null {
    return this.all.findLast((transfer) => transfer.record === record) ?? null;
  }
}

export const session = new Session();
export const spaces = new Spaces();
export const outbox = new Outbox();
export const alarms = new Alarms();
export const transfers = new Transfers();
