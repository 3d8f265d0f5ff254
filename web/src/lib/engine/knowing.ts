/**
 * Keeps in the notebook what this device knows of the practice, and holds the practice to what the person's other devices have kept there. A new
 * browser reads it before it believes the server; an old one gains what others saw.
 */
import { DirectoryForked, makeId, RosterRolledBack, SpaceMislabelled, type Anchor, type PersonKeys } from '$lib/crypto';
import type { Client } from '$lib/api';
import { raise, stopsIn } from './alarms';
import type { Core } from './core';
import { isBeforeAllIsBack, isRestoring } from './device';
import { catchUp, knownHeads } from './directory';
import { ClientHidden, ClientRenamed } from './errors';
import { isLater, isWorthStoring, letGone, mergePins, NO_PINS, renamed, type Pins } from './pins';
import type { Space } from './space';
import { write } from './writing';

const WAIT_MS = 30_000;

const rowKey = (core: Core) => `${core.prefix}pins`;

function notebookOf(core: Core): Space | null {
  return [...core.spaces.values()].find(({ kind }) => kind === 'notebook') ?? null;
}

interface Stored {
  readonly pins: Pins;
  /** Two devices may have made one each: both are read, the first is written on. */
  readonly record: string | null;
  readonly at_ms: number;
}

function storedIn(notebook: Space): Stored {
  let stored: Stored = { pins: NO_PINS, record: null, at_ms: 0 };
  for (const record of [...new Set([...notebook.records.keys(), ...notebook.pending.keys()])].sort()) {
    const newest = notebook.newest(record);
    for (const content of [newest?.content, notebook.pending.get(record)?.content]) {
      if (content?.kind !== 'pins') continue;
      const at_ms = Math.max(stored.at_ms, Date.parse(notebook.pending.get(record)?.at ?? newest?.opened.header.ts ?? ''));
      stored = { pins: mergePins(stored.pins, content.body), record: stored.record ?? record, at_ms };
    }
  }
  return stored;
}

/** Takes in what the notebook holds, and what this device knew the last time. */
export async function learnPins(core: Core): Promise<void> {
  const notebook = notebookOf(core);
  const here = (await core.ports.store.read<Pins>('device', rowKey(core))) ?? NO_PINS;
  const known = mergePins(core.pins, here);
  core.pins = notebook === null ? known : mergePins(known, storedIn(notebook).pins);
}

async function keep(core: Core, pins: Pins): Promise<void> {
  if (JSON.stringify(pins) === JSON.stringify(core.pins)) return;
  core.pins = pins;
  await core.ports.store.write(['device', rowKey(core), pins]);
}

/** Notes what this device has seen by now, and has it saved soon. What stands under an alarm is not believed. */
export async function observe(core: Core): Promise<void> {
  const { account } = core.open();
  if (stopsIn(core, null).length > 0 || isRestoring(account)) return;
  const spaces = [...core.spaces.values()].filter((space) => stopsIn(core, space.id).length === 0);
  const timeline = account.anchor?.timeline ?? 0;
  const seen: Pins = {
    anchor: account.anchor,
    directory: { timeline, ...account.directory },
    rosters: Object.fromEntries(spaces.map(({ id, roster }) => [id, { head: roster.head, size: roster.size }])),
    clients: {},
    owners: account.owners,
  };
  await keep(core, mergePins(core.pins, seen));
  if (isDue(core)) core.savePinsSoon ??= core.ports.clock.after(WAIT_MS, () => void savePins(core).catch(() => undefined));
}

function isDue(core: Core): boolean {
  const notebook = notebookOf(core);
  if (notebook === null || !notebook.roster.may(core.open().account.person, 'pins')) return false;
  const { pins, at_ms } = storedIn(notebook);
  return isWorthStoring(core.pins, pins, core.ports.clock.now() - at_ms);
}

/** Saves what is known, if the notebook knows less. Harmless at any time; does nothing while locked or stopped. */
export async function savePins(core: Core): Promise<void> {
  core.savePinsSoon?.();
  core.savePinsSoon = null;
  const notebook = core.isOpen ? notebookOf(core) : null;
  if (notebook === null || stopsIn(core, notebook.id).length > 0 || !isDue(core)) return;
  const record = storedIn(notebook).record ?? makeId('rec', core.ports.clock.now());
  await write(core, notebook, record, { kind: 'pins', body: core.pins });
}

/** What the person did stands, whether it can be noted now or with the next change. */
async function saveSoon(core: Core): Promise<void> {
  await savePins(core).catch(() => undefined);
}

/** A client whose two spaces are here. */
type Named = Pick<Client, 'client' | 'name' | 'shared'> & { readonly own: string };

/** A client who was added on this device: which spaces are theirs is known from here on, whatever the practice says. */
export async function pinClient(core: Core, { client, name, shared, own }: Named): Promise<void> {
  await keep(core, mergePins(core.pins, { ...NO_PINS, clients: { [client]: { names: [name], shared, own, mine: true, n: 1 } } }));
  await saveSoon(core);
}

/** The notebook has the new name before the practice has: another device, which sees either, knows that it is meant. */
export async function pinName(core: Core, client: Named, name: string): Promise<void> {
  if (name === client.name) return;
  await keep(core, renamed(core.pins, client.client, name, client));
  await saveSoon(core);
  await core.drain();
}

/** A client as this person knows them. What the practice says differently is an alarm. */
export function asPinned(core: Core, said: Client): Client {
  const pinned = core.pins.clients[said.client];
  if (pinned === undefined) return said;
  const { names, shared, own } = pinned;
  if (shared !== said.shared || (said.own !== null && own !== said.own)) raise(core, new SpaceMislabelled(), { space: null });
  if (names.includes(said.name)) return { ...said, shared, own };
  const [name = said.name] = names;
  const evidence = `name ${said.client} ${said.name}`;
  const isSettled = core.spaces.get(shared)?.row.settled.includes(evidence) ?? false;
  if (!isSettled) raise(core, new ClientRenamed(name, said.name), { space: shared, evidence: [evidence] });
  return { ...said, name, shared, own };
}

/** Evidence of a client who is not listed: this, then their id. */
export const HIDDEN = 'client ';

/** Whom this person added, and no device of theirs let go, is on the list. A restored practice may have lost some. `known` is from before it was asked. */
export function expectAllListed(core: Core, known: Pins['clients'], listed: readonly Client[]): void {
  const { account } = core.open();
  if (isRestoring(account) || isBeforeAllIsBack(account, core.ports.clock.now())) return;
  for (const [client, { names: [name = ''], shared, mine }] of Object.entries(known)) {
    if (!mine || listed.some((found) => found.client === client)) continue;
    raise(core, new ClientHidden(name), { space: shared, evidence: [`${HIDDEN}${client}`] });
  }
}

/** The client is this person's no more, and they know it: that the practice does not list them is no alarm from here on, on any of their devices. */
export async function letGo(core: Core, client: string): Promise<void> {
  await keep(core, letGone(core.pins, client));
  await saveSoon(core);
}

/** The client to whom a space belongs: as this person knows, else as the practice says. */
export function clientOfSpace(core: Core, space: string, said: string | null): string | null {
  const [pinned] = Object.entries(core.pins.clients).find(([, { shared, own }]) => shared === space || own === space) ?? [said];
  if (pinned !== said) raise(core, new SpaceMislabelled(), { space: null });
  return pinned;
}

/** @throws {@link RosterRolledBack} where the member list lacks an entry that a device of this person has seen */
export function expectPinnedRoster(core: Core, { id, roster }: Space): void {
  const pin = core.pins.rosters[id];
  if (pin && !isRestoring(core.open().account) && roster.placeOf(pin.head) !== pin.size - 1) throw new RosterRolledBack();
}

/** @throws {@link DirectoryForked} where the directory lacks what a device of this person has followed, on the same timeline */
export async function expectPinnedDirectory(core: Core): Promise<void> {
  const { account } = core.open();
  const { directory } = core.pins;
  if (directory === null || isRestoring(account) || directory.timeline < (account.anchor?.timeline ?? 0)) return;
  if (directory.size > account.directory.size) await catchUp(core);
  if (!(await knownHeads(core)).has(directory.head)) throw new DirectoryForked();
}

/** Another device has seen more than this answer shows: it may be from just before. */
export function isBehindPins(core: Core, anchor: Anchor): boolean {
  return isLater(core.pins.anchor, anchor);
}

/** Whom a device of this person knew as owners. */
export function pinnedOwners(core: Core): readonly PersonKeys[] {
  const { owners } = core.open().account;
  return owners.length > 0 ? owners : core.pins.owners;
}
