/** A new browser knows what the person's other devices knew, and holds the practice to it. */
import { describe, expect, it } from 'vitest';
import { appendLeaf, EMPTY_DIRECTORY, hashStatement } from '$lib/crypto';
import { isLater, isWorthStoring, letGone, mergePins, NO_PINS, PIN_SHAPES, renamed, type PinnedClient, type Pins } from '../pins';
import { FakePractice } from './fake-practice';
import { foundWith, joinedClient, onNewBrowser, PASSWORD, settle, space, type Seat } from './world';

const codes = ({ engine }: Seat) => engine.core.alarms.map(({ code }) => code);
const clientsOf = ({ engine }: Seat) => engine.core.clients.map(({ name, shared, own }) => [name, shared, own]);

/** A coach with two clients, whose device has put down what it knows. */
async function known() {
  const practice = new FakePractice();
  const coach = await foundWith(practice);
  const ana = await joinedClient(practice, coach);
  await coach.engine.addClient({ name: 'Bob' });
  practice.advance(9);
  await settle(coach);
  await coach.clock.pass(31_000);
  await settle(coach);
  const notebook = [...practice.spaces.values()].find(({ kind, members }) => kind === 'notebook' && members.has(practice.owner));
  if (!notebook) throw new Error('no notebook');
  return { practice, coach, ana, notebook, shared: practice.clients[0]?.shared ?? '' };
}

describe('a new browser', { timeout: 60_000 }, () => {
  it('finds nothing to say where the practice is honest', async () => {
    const { practice, coach } = await known();
    const other = await onNewBrowser(practice, coach);
    expect(codes(other)).toEqual([]);
    expect(clientsOf(other)).toEqual(clientsOf(coach));
    expect(other.engine.core.pins).toMatchObject({ anchor: { size: 9 }, directory: { size: 2 } });
  });

  it('refuses a practice that went back in time', async () => {
    const { practice, coach } = await known();
    practice.anchor = { ...practice.anchor, size: 4 };
    expect(codes(await onNewBrowser(practice, coach))).toContain('AnchorRolledBack');
  });

  it('refuses a history that was rewritten', async () => {
    const { practice, coach } = await known();
    practice.anchor = { ...practice.anchor, root: 'a'.repeat(43) };
    expect(codes(await onNewBrowser(practice, coach))).toContain('AnchorForked');
  });

  it('refuses a member list without the entries that were seen', async () => {
    const { practice, coach, shared } = await known();
    const cut = practice.spaces.get(shared);
    cut?.entries.splice(1);
    Object.assign(cut ?? {}, { head: await hashStatement(cut?.entries[0] ?? ''), epoch: 1 });
    const other = await onNewBrowser(practice, coach);
    expect(other.engine.core.alarms).toMatchObject([{ code: 'RosterRolledBack', space: shared, stopsWriting: true }]);
  });

  it('refuses a directory without the leaves that were seen', async () => {
    const { practice, coach } = await known();
    practice.leaves.splice(1);
    practice.directory = { size: 1, head: await appendLeaf(EMPTY_DIRECTORY.head, practice.leaves[0] as { tag: string; hash: string }) };
    expect(codes(await onNewBrowser(practice, coach))).toContain('DirectoryForked');
  });

  it('keeps to the spaces that belong to a client, though the practice exchanges them everywhere', async () => {
    const { practice, coach } = await known();
    const [a, b] = practice.clients;
    if (!a || !b) throw new Error('two clients');
    [a.shared, b.shared] = [b.shared, a.shared];
    for (const { client, shared } of [a, b]) Object.assign(practice.spaces.get(shared) ?? {}, { client });
    const other = await onNewBrowser(practice, coach);
    expect(codes(other)).toEqual(['SpaceMislabelled']);
    expect(clientsOf(other)).toEqual(clientsOf(coach));
    for (const { client, shared } of other.engine.core.clients) expect(other.engine.core.spaces.get(shared)?.client).toBe(client);
  });

  it('keeps to the names that were given, and stops writing to somebody who is called otherwise', async () => {
    const { practice, coach, shared } = await known();
    const [a, b] = practice.clients;
    if (!a || !b) throw new Error('two clients');
    [a.name, b.name] = [b.name, a.name];
    const other = await onNewBrowser(practice, coach);
    expect(other.engine.core.alarms).toMatchObject([{ code: 'ClientRenamed', space: shared, args: { known: 'Ana', said: 'Bob' } }, { code: 'ClientRenamed' }]);
    expect(clientsOf(other)).toEqual(clientsOf(coach));
    await expect(other.engine.sendMessage(shared, 'For Ana only')).rejects.toMatchObject({ name: 'WritingStopped' });
  });

  it('misses a client whom the practice does not list, with or without their spaces, until somebody has looked', async () => {
    const { practice, coach, shared } = await known();
    practice.clients.splice(0, 1);
    await settle(coach);
    expect(coach.engine.core.alarms).toMatchObject([{ code: 'ClientHidden', space: shared, args: { client: 'Ana' }, stopsWriting: true }]);
    for (const found of practice.spaces.values()) if (found.id === shared) found.members.delete(practice.owner);
    const other = await onNewBrowser(practice, coach);
    expect(codes(other)).toEqual(['ClientHidden']);
    other.engine.acknowledge(other.engine.core.alarms[0]?.alarm ?? '');
    await settle(other);
    expect(codes(other)).toEqual([]);
    await settle(coach);
    expect(codes(coach)).toEqual(['ClientHidden']);
    expect(codes(await onNewBrowser(practice, coach))).toEqual([]);
  });

  it('does not miss whoever a colleague added and this person only renamed', async () => {
    const { coach } = await known();
    const { core } = coach.engine;
    core.pins = renamed(core.pins, 'cli_of_another', 'Dora', { name: 'Theodora', shared: 's', own: 'o' });
    await settle(coach);
    expect(codes(coach)).toEqual([]);
  });

  it('misses nobody for a list that was on its way while a client was added', async () => {
    const { coach } = await known();
    const { api } = coach.engine.core;
    const { clients } = api;
    api.clients = async () => {
      api.clients = clients;
      const list = structuredClone(await clients());
      await coach.engine.addClient({ name: 'Cid' });
      return list;
    };
    await coach.engine.sync();
    expect(codes(coach)).toEqual([]);
    await settle(coach);
    expect(coach.engine.core.clients.map(({ name }) => name)).toContain('Cid');
  });

  it('cannot be kept from knowing: the record that says so has a number', async () => {
    const { practice, coach, notebook } = await known();
    const pins = notebook.changes.at(-1);
    if (pins) practice.withheld.add(pins);
    const draft = await coach.engine.openDraft({ space: notebook.id, title: 'Afterwards' });
    await draft.finish();
    await settle(coach);
    expect(codes(await onNewBrowser(practice, coach))).toContain('RecordsWithheld');
  });
});

describe('what devices put down', { timeout: 60_000 }, () => {
  it('is written once, not with everything that happens', async () => {
    const { practice, coach, notebook, shared } = await known();
    const before = notebook.changes.length;
    for (let i = 10; i < 14; i++) {
      practice.advance(i);
      await coach.engine.sendMessage(shared, `Message ${i}`);
      await settle(coach);
      await coach.clock.pass(60_000);
      await settle(coach);
    }
    expect(notebook.changes.length).toBe(before);
    coach.engine.touch();
    coach.engine.hold(180);
    await coach.clock.pass(60 * 60_000);
    expect(notebook.changes.length).toBe(before);
  });

  it('is put down at the lock and before signing out, and shows nowhere', async () => {
    const { practice, coach, notebook } = await known();
    const before = notebook.changes.length;
    await coach.engine.invite(coach.engine.core.clients[1]?.client ?? '');
    await settle(coach);
    expect(notebook.changes.length).toBe(before);
    await coach.engine.lock();
    await coach.engine.settle();
    // A locked session sends what is sealed already.
    await coach.engine.unlockWithPassword(PASSWORD);
    await settle(coach);
    expect(notebook.changes.length).toBe(before + 1);
    await coach.engine.revokeInvite(coach.engine.core.clients[1]?.client ?? '');
    await settle(coach);
    practice.away = true;
    await coach.engine.signOut();
    practice.away = false;
    await coach.engine.signInWithPassword(PASSWORD);
    await settle(coach);
    expect(notebook.changes.length).toBe(before + 2);
    expect(space(coach, 'notebook').notes).toEqual([]);
    expect(coach.engine.core.outbox).toEqual([]);
    expect(codes(coach)).toEqual([]);
    const { blob } = await coach.engine.exportMine();
    expect(await blob.text()).toContain(`records/${notebook.id}/`);
  });

  it('lets a name that was given on one device be no alarm on another', async () => {
    const { practice, coach } = await known();
    const [first] = coach.engine.core.clients;
    const other = await onNewBrowser(practice, coach);
    const third = await onNewBrowser(practice, coach);
    await other.engine.renameClient(first?.client ?? '', { name: 'Anna' });
    await settle(third);
    await settle(coach);
    for (const seat of [other, third, coach]) {
      expect(seat.engine.core.clients[0]?.name).toBe('Anna');
      expect(codes(seat)).toEqual([]);
    }
  });

  it('is put together where two devices write at once', async () => {
    const { practice, coach, notebook } = await known();
    const other = await onNewBrowser(practice, coach);
    practice.devices.set(practice.owner, other.engine.core.open().account.device);
    practice.away = true;
    const [a, b] = coach.engine.core.clients;
    await coach.engine.renameClient(a?.client ?? '', { name: 'Anna' }).catch(() => undefined);
    await other.engine.renameClient(b?.client ?? '', { name: 'Robert' }).catch(() => undefined);
    practice.away = false;
    for (const seat of [coach, other, coach, other]) await settle(seat);
    const latest = await onNewBrowser(practice, coach);
    const names = Object.values(latest.engine.core.pins.clients).map(({ names: [name] }) => name);
    expect(names.sort()).toEqual(['Anna', 'Robert']);
    expect(new Set(notebook.changes.map(({ record }) => record)).size).toBe(1);
    expect(codes(latest)).toEqual([]);
  });
});

describe('pins', () => {
  const anchor = (timeline: number, size: number) => ({ install: 'ins', timeline, size, root: `${timeline}/${size}` });
  const pins = (more: Partial<Pins>): Pins => ({ ...NO_PINS, ...more });

  it('are put together in any order: the later place wins, and a restore begins anew', () => {
    const a = pins({ anchor: anchor(1, 9), directory: { timeline: 1, size: 9, head: 'a' }, rosters: { s: { head: 'x', size: 3 }, t: { head: 'y', size: 1 } } });
    const b = pins({ anchor: anchor(2, 5), directory: { timeline: 2, size: 5, head: 'b' }, rosters: { s: { head: 'z', size: 2 } } });
    const both = { anchor: anchor(2, 5), directory: { timeline: 2, size: 5, head: 'b' }, rosters: { s: { head: 'x', size: 3 }, t: { head: 'y', size: 1 } } };
    expect(mergePins(a, b)).toMatchObject(both);
    expect(mergePins(b, a)).toMatchObject(both);
    expect(mergePins(a, pins({ anchor: { ...anchor(9, 9), install: 'other' } })).anchor).toEqual(anchor(1, 9));
    expect([isLater(null, anchor(1, 1)), isLater(anchor(1, 1), null), isLater(null, null)]).toEqual([false, true, false]);
  });

  it('keep the name that was before, until the practice has the new one, and both of two that came at once', () => {
    const before = { name: 'Ana', shared: 's', own: 'o' };
    const one = renamed(NO_PINS, 'c', 'Anna', before);
    const other = renamed(NO_PINS, 'c', 'Anne', before);
    expect(one.clients.c).toMatchObject({ names: ['Anna', 'Ana'], n: 2 });
    expect(mergePins(one, other).clients.c?.names).toEqual(['Anna', 'Ana', 'Anne']);
    expect(mergePins(NO_PINS, renamed(one, 'c', 'A.', before)).clients.c).toMatchObject({ names: ['A.', 'Anna', 'Ana'], n: 3 });
  });

  it('know that a client was let go, also where another device renamed them before', () => {
    const before = { name: 'Ana', shared: 's', own: 'o' };
    const one = renamed(NO_PINS, 'c', 'Anna', before);
    const mine: Pins = { ...one, clients: { c: { ...(one.clients.c as PinnedClient), mine: true } } };
    const gone = letGone(mine, 'c');
    expect(gone.clients.c).toMatchObject({ names: ['Anna', 'Ana'], mine: false, n: 3 });
    expect([letGone(gone, 'c'), letGone(gone, 'd')]).toEqual([gone, gone]);
    for (const both of [mergePins(mine, gone), mergePins(gone, mine)]) expect(both).toEqual(gone);
    expect(isWorthStoring(gone, mine, 0)).toBe(true);
    expect([true, undefined, 'yes'].map((value) => PIN_SHAPES.clients({ c: { ...one.clients.c, mine: value } }))).toEqual([true, false, false]);
  });

  it('are worth a record for what would be missed, and once a day for the audit log', () => {
    const stored = pins({ anchor: anchor(1, 9), rosters: { s: { head: 'x', size: 3 } } });
    const HOUR = 3_600_000;
    expect(isWorthStoring(stored, stored, 100 * HOUR)).toBe(false);
    expect(isWorthStoring(pins({ ...stored, anchor: anchor(1, 10) }), stored, HOUR)).toBe(false);
    expect(isWorthStoring(pins({ ...stored, anchor: anchor(1, 10) }), stored, 25 * HOUR)).toBe(true);
    expect(isWorthStoring(pins({ ...stored, anchor: anchor(2, 1) }), stored, 0)).toBe(true);
    expect(isWorthStoring(pins({ ...stored, rosters: { s: { head: 'z', size: 4 } } }), stored, 0)).toBe(true);
    expect(isWorthStoring(renamed(stored, 'c', 'B', { name: 'A', shared: 's', own: 'o' }), stored, 0)).toBe(true);
    expect(isWorthStoring(pins({ ...stored, directory: { timeline: 1, size: 1, head: 'h' } }), stored, 0)).toBe(true);
  });
});
