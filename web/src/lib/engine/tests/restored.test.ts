/** After a restore that an owner signed for: what was lost comes back, nothing else may differ, and what is missing meanwhile is no alarm. */
import { describe, expect, it } from 'vitest';
import { appendLeaf, b64u, EMPTY_DIRECTORY } from '$lib/crypto';
import { FakePractice } from './fake-practice';
import { foundWith, joinedClient, onNewBrowser, settle, space, type Seat } from './world';

const DAY_MS = 24 * 3_600_000;
const codes = ({ engine }: Seat) => engine.core.alarms.map(({ code }) => code);
const leafOf = (n: number) => ({ tag: b64u(new Uint8Array(16).fill(n)), hash: b64u(new Uint8Array(32).fill(n)) });

/** A coach and a client, and two people more in the directory, whom the backup does not have. */
async function grown() {
  const practice = new FakePractice();
  const coach = await foundWith(practice);
  const ana = await joinedClient(practice, coach);
  const shared = coach.engine.core.clients[0]?.shared ?? '';
  practice.advance(5);
  await settle(coach);
  await practice.append(leafOf(8));
  await practice.append(leafOf(9));
  practice.advance(9);
  await settle(coach);
  await settle(ana);
  return { practice, coach, ana, shared };
}

async function headOf(leaves: readonly { tag: string; hash: string }[]): Promise<string> {
  let { head } = EMPTY_DIRECTORY;
  for (const leaf of leaves) head = await appendLeaf(head, leaf);
  return head;
}

describe('the directory after a restore', { timeout: 60_000 }, () => {
  it('gets its leaves back from the owner, and has the heads again that records name', async () => {
    const { practice, coach, ana, shared } = await grown();
    await ana.engine.sendMessage(shared, 'Before');
    await settle(ana);
    const before = { ...practice.directory };
    await practice.putBack(2, shared, 0);
    await coach.engine.sync();
    expect(codes(coach)).toEqual(['RestoreUnsigned']);
    await coach.engine.signRestore();
    await settle(coach);
    await settle(ana);
    expect(practice.directory).toEqual(before);
    expect(coach.engine.core.open().account.directory).toEqual(before);
    expect(ana.engine.core.open().account.directory).toEqual(before);
    await settle(coach);
    expect([codes(coach), codes(ana)]).toEqual([[], []]);
    expect(space(coach, 'shared').messages.map(({ text }) => text)).toEqual(['Before']);
  });

  it('may be cut off, also for somebody whose owner has not brought it back yet', async () => {
    const { practice, coach, ana, shared } = await grown();
    await practice.putBack(2, shared, 0);
    const { api } = coach.engine.core;
    api.reofferLeaves = async () => undefined;
    await coach.engine.signRestore();
    await settle(ana);
    expect(ana.engine.core.open().account.directory.size).toBe(2);
    expect(codes(ana)).toEqual([]);
    await ana.engine.sendMessage(shared, 'After');
    await settle(ana);
    await settle(coach);
    expect(codes(coach)).toEqual([]);
  });

  it('is missed by nobody in what was written before, even where it never comes back', async () => {
    const { practice, coach, ana, shared } = await grown();
    await ana.engine.sendMessage(shared, 'Before');
    await settle(ana);
    await practice.putBack(2, shared, 1);
    coach.engine.core.api.reofferLeaves = async () => undefined;
    await coach.engine.signRestore();
    const other = await onNewBrowser(practice, coach);
    expect(space(other, 'shared').messages.map(({ text }) => text)).toEqual(['Before']);
    expect(codes(other)).toEqual([]);
    // The same from a time long after the restore is no remnant.
    await other.engine.core.note({ restoredAt: new Date(other.clock.now() - 15 * DAY_MS).toISOString() });
    const { account } = other.engine.core.open();
    other.engine.core.api.me = async () => ({ ...account.me, restore: { pending: false, statements: [], restored: null } });
    await other.engine.sync();
    expect(codes(other)).toEqual(['RecordUnknownDirectory']);
  });

  it('may have no other leaf in the place of one that this device has seen', async () => {
    const { practice, coach, ana, shared } = await grown();
    await practice.putBack(2, shared, 0);
    practice.leaves[0] = leafOf(66);
    practice.directory = { size: 2, head: await headOf(practice.leaves) };
    await coach.engine.signRestore().catch(() => undefined);
    await ana.engine.sync();
    expect(codes(ana)).toContain('DirectoryForked');
    expect(ana.engine.core.open().account).toMatchObject({ directory: { size: 4 }, anchor: { timeline: 1 } });
    await expect(ana.engine.sendMessage(shared, 'No')).rejects.toMatchObject({ name: 'WritingStopped' });
  });

  it('is not cut shorter than it was at the restored point', async () => {
    const { practice, coach, ana, shared } = await grown();
    await practice.putBack(1, shared, 0);
    await coach.engine.signRestore().catch(() => undefined);
    expect(codes(coach)).toContain('DirectoryForked');
    await ana.engine.sync();
    expect(codes(ana)).toContain('DirectoryForked');
  });
});

describe('clients after a restore', { timeout: 60_000 }, () => {
  it('who are not back yet are missed by nobody for a while, and afterwards are', async () => {
    const { practice, coach, shared } = await grown();
    await practice.putBack(4, shared, 0);
    await coach.engine.signRestore();
    coach.engine.core.api.clients = async () => ({ clients: [] });
    await settle(coach);
    expect(codes(coach)).toEqual([]);
    const later = coach.clock.now() + 15 * DAY_MS;
    coach.clock.now = () => later;
    await coach.engine.sync();
    expect(coach.engine.core.alarms).toMatchObject([{ code: 'ClientHidden', space: shared }]);
  });
});

describe('records after a restore', { timeout: 60_000 }, () => {
  it('that are not back yet stop nothing for a while, and are an alarm afterwards', async () => {
    const { practice, coach, ana, shared } = await grown();
    for (const text of ['One', 'Two', 'Three']) {
      await ana.engine.sendMessage(shared, text);
      await settle(ana);
    }
    const third = practice.spaces.get(shared)?.changes[2];
    await practice.putBack(2, shared, 1);
    await coach.engine.signRestore();
    // The first and the third are back; the device with the second has not come yet.
    practice.spaces.get(shared)?.changes.push({ ...third, seq: 2 } as NonNullable<typeof third>);
    const other = await onNewBrowser(practice, coach);
    expect(other.engine.core.alarms).toMatchObject([{ code: 'RecordsNotBroughtBack', space: shared, stopsWriting: false, args: { missing: 1 } }]);
    const later = other.clock.now() + 15 * DAY_MS;
    other.clock.now = () => later;
    await other.engine.sync();
    expect(other.engine.core.alarms).toMatchObject([{ code: 'RecordsWithheld', space: shared, stopsWriting: true, args: { missing: 1 } }]);
  });

  it('come back from every device that has them, also where another of that person has taken the restore in before', async () => {
    const { practice, coach, shared } = await grown();
    const other = await onNewBrowser(practice, coach);
    await coach.engine.sendMessage(shared, 'Not seen elsewhere');
    await settle(coach);
    await practice.putBack(4, shared, 0);
    await other.engine.signRestore();
    await settle(other);
    practice.devices.set(practice.owner, other.engine.core.open().account.device);
    await other.clock.pass(31_000);
    await settle(other);
    expect(practice.spaces.get(shared)?.changes).toHaveLength(0);
    await settle(coach);
    expect(practice.spaces.get(shared)?.changes).toHaveLength(1);
    expect(coach.engine.core.pins.anchor?.timeline).toBe(2);
    expect([codes(coach), codes(other)]).toEqual([[], []]);
  });

  it('say so where it is too late to bring them back, and everything else goes on', async () => {
    const { practice, coach, ana, shared } = await grown();
    await ana.engine.sendMessage(shared, 'Only here');
    await settle(ana);
    await practice.putBack(2, shared, 0);
    await coach.engine.signRestore();
    practice.isLate = true;
    await settle(ana);
    expect(ana.engine.core.alarms).toMatchObject([{ code: 'reoffer-closed', stopsWriting: false }]);
    expect(ana.engine.core.open().account.anchor).toMatchObject({ timeline: 2 });
    expect(space(ana, 'shared').messages.map(({ text }) => text)).toEqual(['Only here']);
  });
});
