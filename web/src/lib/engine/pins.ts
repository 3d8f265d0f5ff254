/**
 * What a person's devices know of the practice, so that a new browser need not believe it: how far its history, its directory and every roster had
 * come, and which spaces belong to which client. One record in the notebook; what two devices know is put together, the later place wins. Pure.
 */
import type { Anchor, PersonKeys } from '$lib/crypto';

export interface PinnedClient {
  /** As this person called them, the newest first; a rename may still be on its way to the practice. */
  readonly names: readonly string[];
  readonly shared: string;
  readonly own: string;
  /** This person added them and has not let them go: the practice lists them. */
  readonly mine: boolean;
  /** Counts the changes. */
  readonly n: number;
}

export interface PinnedDirectory {
  readonly timeline: number;
  readonly size: number;
  readonly head: string;
}

export interface Pins {
  readonly anchor: Anchor | null;
  readonly directory: PinnedDirectory | null;
  /** By space: the hash of an entry, and how many entries there were with it. */
  readonly rosters: Readonly<Record<string, { readonly head: string; readonly size: number }>>;
  readonly clients: Readonly<Record<string, PinnedClient>>;
  /** Whom the devices knew as owners before any restore. */
  readonly owners: readonly PersonKeys[];
}

export const NO_PINS: Pins = { anchor: null, directory: null, rosters: {}, clients: {}, owners: [] };

const NAMES_MAX = 4;

/** Whether `a` is a later place than `b`: a restore begins a new timeline, and may be shorter. */
export function isLater(a: { timeline: number; size: number } | null, b: { timeline: number; size: number } | null): boolean {
  if (a === null || b === null) return a !== null;
  return a.timeline === b.timeline ? a.size > b.size : a.timeline > b.timeline;
}

function laterAnchor(a: Anchor | null, b: Anchor | null): Anchor | null {
  // Another installation is another practice: the first one stays.
  if (a !== null && b !== null && a.install !== b.install) return a;
  return isLater(b, a) ? b : a;
}

function mergeClient(a: PinnedClient | undefined, b: PinnedClient): PinnedClient {
  if (a === undefined || b.n > a.n) return b;
  // Two devices renamed at once: both names are this person's.
  if (b.n === a.n) return { ...a, names: [...new Set([...a.names, ...b.names])].slice(0, NAMES_MAX) };
  return a;
}

function together<A>(a: Readonly<Record<string, A>>, b: Readonly<Record<string, A>>, choose: (a: A | undefined, b: A) => A): Record<string, A> {
  const all = new Map(Object.entries(a));
  for (const [key, value] of Object.entries(b)) all.set(key, choose(all.get(key), value));
  return Object.fromEntries(all);
}

export function mergePins(a: Pins, b: Pins): Pins {
  return {
    anchor: laterAnchor(a.anchor, b.anchor),
    directory: isLater(b.directory, a.directory) ? b.directory : a.directory,
    rosters: together(a.rosters, b.rosters, (one, other) => (one === undefined || other.size > one.size ? other : one)),
    clients: together(a.clients, b.clients, mergeClient),
    owners: a.owners.length > 0 ? a.owners : b.owners,
  };
}

/** A name that this person gives: what they called the client before counts until the practice has the new one. */
export function renamed(pins: Pins, client: string, name: string, before: Pick<PinnedClient, 'shared' | 'own'> & { readonly name: string }): Pins {
  const known = pins.clients[client] ?? { names: [before.name], shared: before.shared, own: before.own, mine: false, n: 1 };
  const names = [...new Set([name, ...known.names])].slice(0, NAMES_MAX);
  return { ...pins, clients: { ...pins.clients, [client]: { ...known, names, n: known.n + 1 } } };
}

export function letGone(pins: Pins, client: string): Pins {
  const known = pins.clients[client];
  if (!known?.mine) return pins;
  return { ...pins, clients: { ...pins.clients, [client]: { ...known, mine: false, n: known.n + 1 } } };
}

/**
 * Whether somebody would miss what is not stored yet. The audit log grows with every act, also with this very record: alone it counts once a day.
 * @param age_ms of what is stored
 */
export function isWorthStoring(known: Pins, stored: Pins, age_ms: number): boolean {
  const isLonger = Object.entries(known.rosters).some(([space, { size }]) => size > (stored.rosters[space]?.size ?? 0));
  const isRenamed = Object.entries(known.clients).some(([client, { n }]) => n > (stored.clients[client]?.n ?? 0));
  const isNewOwner = known.owners.length > 0 && stored.owners.length === 0;
  const isNewTime = (known.anchor?.timeline ?? 0) > (stored.anchor?.timeline ?? 0);
  const isOld = age_ms > 24 * 3_600_000 && isLater(known.anchor, stored.anchor);
  return isLonger || isRenamed || isNewOwner || isNewTime || isOld || isLater(known.directory, stored.directory);
}

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
const hasTexts = (value: Fields, ...names: readonly string[]) => names.every((name) => typeof value[name] === 'string');
const isEach = (value: unknown, fits: (value: Fields) => boolean) => isFields(value) && Object.values(value).every((found) => isFields(found) && fits(found));

/** The shapes of the record's fields. */
export const PIN_SHAPES: Readonly<Record<keyof Pins, (value: unknown) => boolean>> = {
  anchor: (value) => value === null || (isFields(value) && hasTexts(value, 'install', 'root') && isCount(value.timeline) && isCount(value.size)),
  directory: (value) => value === null || (isFields(value) && hasTexts(value, 'head') && isCount(value.timeline) && isCount(value.size)),
  rosters: (value) => isEach(value, (roster) => hasTexts(roster, 'head') && isCount(roster.size)),
  clients: (value) =>
    isEach(value, (client) => hasTexts(client, 'shared', 'own') && isCount(client.n) && typeof client.mine === 'boolean' && Array.isArray(client.names) && client.names.length > 0 && client.names.every((name) => typeof name === 'string')),
  owners: (value) => Array.isArray(value) && value.every((owner) => isFields(owner) && hasTexts(owner, 'person', 'sign', 'recipient')),
};
