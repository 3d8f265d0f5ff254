/** A practice that lies, a member who signs what they should not: the engine refuses by name, and nothing of it goes out under another's name. */
import { describe, expect, it } from 'vitest';
import { addMember, appendLeaf, b64u, hashFile, makeId, makeKeyring, makeSpace, missingBelow, RIGHTS, sealRecord, utf8, type Bytes, type Range } from '$lib/crypto';
import { Offline, type RecordHead } from '$lib/api';
import type { StoredEntry } from '../outbox';
import type { FileSource } from '../types';
import { FakePractice } from './fake-practice';
import { foundWith, joinedClient, onNewBrowser, PASSWORD, settle, sit, space, type Seat } from './world';

async function pair() {
  const practice = new FakePractice();
  const coach = await foundWith(practice);
  const ana = await joinedClient(practice, coach);
  return { practice, coach, ana, shared: coach.engine.core.clients[0]?.shared ?? '', own: coach.engine.core.clients[0]?.own ?? '' };
}

const who = ({ engine }: Seat) => engine.core.open().account;
const codes = ({ engine }: Seat) => engine.core.alarms.map(({ code }) => code);

/** A member's own program seals whatever it likes. */
async function sealAs(seat: Seat, shared: string, facts: { id: string; dev?: string; seq: number; text: string; dir?: string; open?: Range[] }): Promise<{ bytes: Bytes; write: Omit<RecordHead, 'seq' | 'author' | 'device' | 'at' | 'size' | 'body' | 'hash'> }> {
  const { core } = seat.engine;
  const held = core.spaces.get(shared)?.held(core.open().keyring);
  if (!held) throw new Error('no space');
  const { id, dev = who(seat).device, seq, text, dir = who(seat).directory.head, open = missingBelow(seq, []) } = facts;
  const body = utf8(JSON.stringify({ text, about: null }));
  const { bytes, header } = await sealRecord(held, { id, rev: 1, prev: null, kind: 'message', dev, seq, open, dir, body });
  return { bytes, write: { record: id, rev: 1, prev: null, epoch: header.epoch, dev_seq: seq, open: null, deleted: false } };
}

/** The practice lists a body, and says of it what it likes. */
async function serve(practice: FakePractice, shared: string, { bytes, write }: { bytes: Bytes; write: Partial<RecordHead> }, said: { author: string; device: string; dev_seq?: number }): Promise<void> {
  const changes = practice.spaces.get(shared)?.changes ?? [];
  const head = { ...write, hash: await hashFile(bytes), seq: changes.length + 1, at: '', size: bytes.length, body: b64u(bytes), ...said } as RecordHead;
  changes.push(head);
}

/** The practice hands out everything but this item of a device. */
function withhold(practice: FakePractice, shared: string, seat: Seat, dev_seq: number): void {
  const found = practice.spaces.get(shared)?.changes.find((change) => change.author === who(seat).person && change.dev_seq === dev_seq);
  if (found) practice.withheld.add(found);
}

describe('authorship', { timeout: 60_000 }, () => {
  it('does not save again, under one’s own name, what another wrote into a closed epoch', async () => {
    const { practice, coach, ana, shared } = await pair();
    practice.away = true;
    await ana.engine.sendMessage(shared, 'Put into your mouth');
    await ana.engine.settle();
    practice.away = false;
    const [[, entry] = []] = await ana.store.list<StoredEntry>('outbox', '');
    await coach.engine.invite(coach.engine.core.clients[0]?.client ?? '');
    if (entry) await serve(practice, shared, entry, { author: who(coach).person, device: who(coach).device, dev_seq: 99 });
    await settle(coach);
    await settle(coach);
    expect(coach.engine.core.outbox).toEqual([]);
    expect(space(coach, 'shared').messages).toEqual([]);
    expect(codes(coach)).toEqual(['RecordAfterClose']);
  });

  it('notices a number that is used twice, and a device that writes for two', async () => {
    const { practice, coach, ana, shared } = await pair();
    await ana.engine.sendMessage(shared, 'One');
    await coach.engine.sendMessage(shared, 'Two');
    await settle(ana);
    await settle(coach);
    const said = { author: who(ana).person, device: who(ana).device };
    await serve(practice, shared, await sealAs(ana, shared, { id: makeId('rec'), seq: 1, text: 'Again' }), said);
    await settle(coach);
    expect(codes(coach)).toEqual(['RecordCountTaken']);
    coach.engine.acknowledge(coach.engine.core.alarms[0]?.alarm ?? '');
    await serve(practice, shared, await sealAs(ana, shared, { id: makeId('rec'), dev: who(coach).device, seq: 7, text: 'Yours' }), said);
    await settle(coach);
    expect(codes(coach)).toEqual(['RecordCountTaken']);
    expect(space(coach, 'shared').messages.map(({ text }) => text).sort()).toEqual(['One', 'Two']);
  });

  it('keeps a revision that it has opened, on disk too, when the practice serves another in its place', async () => {
    const { practice, coach, ana, shared } = await pair();
    const said = { author: who(ana).person, device: who(ana).device };
    const id = makeId('rec');
    await serve(practice, shared, await sealAs(ana, shared, { id, seq: 41, text: 'Agreed' }), said);
    await settle(coach);
    await serve(practice, shared, await sealAs(ana, shared, { id, seq: 42, text: 'Never said' }), said);
    await settle(coach);
    expect(codes(coach)).toEqual(['RevisionOutOfOrder']);
    practice.away = true;
    const reloaded = await sit(practice, coach);
    await reloaded.engine.unlockWithPassword(PASSWORD);
    expect(space(reloaded, 'shared').messages.map(({ text }) => text)).toEqual(['Agreed']);
    // The other body is not kept, so that only the alarm tells of it.
    expect(codes(reloaded)).toEqual(['RevisionOutOfOrder']);
    reloaded.engine.acknowledge(reloaded.engine.core.alarms[0]?.alarm ?? '');
    practice.away = false;
    await settle(reloaded);
    await reloaded.engine.lock();
    await reloaded.engine.unlockWithPassword(PASSWORD);
    expect(codes(reloaded)).toEqual([]);
  });
});

describe('withholding', { timeout: 60_000 }, () => {
  it('does not show a revision whose predecessor is kept back', async () => {
    const { practice, coach, ana, shared } = await pair();
    const id = await ana.engine.addAction(shared, { title: 'Walk' });
    await settle(ana);
    await ana.engine.changeAction(id, { title: 'Run' });
    await settle(ana);
    const changes = practice.spaces.get(shared)?.changes ?? [];
    changes.splice(changes.findIndex(({ record, rev }) => record === id && rev === 1), 1);
    await coach.engine.sync();
    expect(codes(coach)).toEqual(['RevisionOutOfOrder']);
    expect(space(coach, 'shared').actions).toEqual([]);
  });

  it('notices a whole record that is kept back, once its author writes on', async () => {
    const { practice, coach, ana, shared } = await pair();
    for (const text of ['One', 'Two', 'Three']) {
      await ana.engine.sendMessage(shared, text);
      await settle(ana);
    }
    withhold(practice, shared, ana, 2);
    await coach.engine.sync();
    expect(coach.engine.core.alarms).toMatchObject([{ code: 'RecordsWithheld', space: shared, person: who(ana).person, args: { missing: 1 }, stopsWriting: true }]);
    await expect(coach.engine.sendMessage(shared, 'No')).rejects.toMatchObject({ name: 'WritingStopped' });
    expect(space(coach, 'shared').messages.map(({ text }) => text)).toEqual(['One', 'Three']);
    const reloaded = await sit(practice, coach);
    await reloaded.engine.unlockWithPassword(PASSWORD);
    expect(codes(reloaded)).toEqual(['RecordsWithheld']);
    reloaded.engine.acknowledge(reloaded.engine.core.alarms[0]?.alarm ?? '');
    await settle(reloaded);
    expect(codes(reloaded)).toEqual([]);
    await reloaded.engine.sendMessage(shared, 'I have asked her');
    for (const text of ['Four', 'Five']) {
      await ana.engine.sendMessage(shared, text);
      await settle(ana);
    }
    withhold(practice, shared, ana, 4);
    await settle(reloaded);
    expect(codes(reloaded)).toEqual(['RecordsWithheld']);
  });

  it('is not judged while a page is missing', async () => {
    const { coach, ana, shared } = await pair();
    for (const text of ['One', 'Two', 'Three']) {
      await ana.engine.sendMessage(shared, text);
      await settle(ana);
    }
    const { api } = coach.engine.core;
    const { changes } = api;
    api.changes = async (id, since, limit) => {
      const page = await changes(id, since, limit);
      if (id !== shared) return page;
      // The highest number comes first, the rest does not come at all.
      if (page.changes.length === 0) throw new Offline();
      return { ...page, changes: page.changes.slice(-1), more: true };
    };
    await coach.engine.sync().catch(() => undefined);
    expect(space(coach, 'shared').messages.map(({ text }) => text)).toEqual(['Three']);
    expect(codes(coach)).toEqual([]);
  });

  it('is no matter of numbers that were never taken: refused, discarded, sealed anew, without a connection', async () => {
    const { practice, coach, ana, shared } = await pair();
    await ana.engine.sendMessage(shared, 'One');
    await settle(ana);
    await settle(coach);
    practice.away = true;
    for (const text of ['Two', 'Never', 'Three', 'Four']) await ana.engine.sendMessage(shared, text);
    await ana.engine.settle();
    await ana.engine.discard(ana.engine.core.outbox[1]?.entry ?? '');
    practice.away = false;
    // Another key: everything that waits is sealed anew.
    await coach.engine.invite(coach.engine.core.clients[0]?.client ?? '');
    for (let i = 0; i < 3; i++) await settle(ana);
    await ana.engine.sendMessage(shared, 'Five');
    await settle(ana);
    await settle(coach);
    expect(codes(coach)).toEqual([]);
    expect(space(coach, 'shared').messages.map(({ text }) => text).sort()).toEqual(['Five', 'Four', 'One', 'Three', 'Two']);
    const numbers = practice.spaces.get(shared)?.changes.filter(({ author }) => author === who(ana).person).map(({ dev_seq }) => dev_seq);
    // The one that was discarded stays free for ever: a practice that took it in secret could not let another item stand in for it.
    expect(numbers).toEqual([1, 2, 4, 5, 6]);
    withhold(practice, shared, ana, 5);
    expect(codes(await onNewBrowser(practice, coach))).toEqual(['RecordsWithheld']);
  });

  it('does not give a number a second time where the answer was lost', async () => {
    const { practice, coach, ana, shared } = await pair();
    const id = await ana.engine.addAction(shared, { title: 'Walk' });
    await settle(ana);
    const { api } = ana.engine.core;
    const { writeRecord } = api;
    api.writeRecord = async (...args) => {
      await writeRecord(...args);
      throw new Offline();
    };
    await ana.engine.changeAction(id, { title: 'Run' });
    await ana.engine.settle();
    api.writeRecord = writeRecord;
    practice.away = true;
    await ana.engine.changeAction(id, { title: 'Swim' });
    const [[, waiting] = []] = await ana.store.list<StoredEntry>('outbox', '');
    expect(waiting).toMatchObject({ write: { dev_seq: 3, rev: 2 } });
    practice.away = false;
    await settle(ana);
    await settle(ana);
    await settle(coach);
    const numbers = practice.spaces.get(shared)?.changes.filter(({ record }) => record === id).map(({ dev_seq }) => dev_seq);
    expect(numbers).toEqual([1, 2, 3]);
    expect(codes(coach)).toEqual([]);
    expect(space(coach, 'shared').actions).toMatchObject([{ title: 'Swim' }]);
  });

  it('is judged from where a member can know, and from the beginning once history came', async () => {
    const practice = new FakePractice();
    const coach = await foundWith(practice);
    const { client } = await coach.engine.addClient({ name: 'Ana' });
    const shared = coach.engine.core.clients[0]?.shared ?? '';
    for (const text of ['One', 'Two', 'Three']) {
      await coach.engine.sendMessage(shared, text);
      await settle(coach);
    }
    const { link } = await coach.engine.invite(client);
    for (const text of ['Four', 'Five']) {
      await coach.engine.sendMessage(shared, text);
      await settle(coach);
    }
    withhold(practice, shared, coach, 2);
    const ana = await sit(practice);
    await ana.engine.readInvite(link);
    await ana.engine.join({ name: 'Ana', zone: 'UTC', unlock: { kind: 'password', password: PASSWORD } });
    practice.devices.set(who(ana).person, who(ana).device);
    await settle(ana);
    expect(space(ana, 'shared').messages.map(({ text }) => text)).toEqual(['Four', 'Five']);
    expect(codes(ana)).toEqual([]);
    await settle(coach);
    await settle(ana);
    expect(codes(ana)).toEqual(['RecordsWithheld']);
  });
});

describe('the directory that an author saw', { timeout: 60_000 }, () => {
  it('is one that this device has followed: another stops writing there, until a person has looked', async () => {
    const { practice, coach, ana, shared, own } = await pair();
    const said = { author: who(ana).person, device: who(ana).device };
    const facts = { id: makeId('rec'), seq: 1, text: 'Shown other keys', dir: b64u(new Uint8Array(32).fill(9)) };
    await serve(practice, shared, await sealAs(ana, shared, facts), said);
    await settle(coach);
    expect(coach.engine.core.alarms).toMatchObject([{ code: 'RecordUnknownDirectory', space: shared, person: who(ana).person, stopsWriting: true }]);
    await expect(coach.engine.sendMessage(shared, 'No')).rejects.toMatchObject({ name: 'WritingStopped' });
    await (await coach.engine.openDraft({ space: own, title: 'Still possible' })).finish();
    const reloaded = await sit(practice, coach);
    practice.away = true;
    await reloaded.engine.unlockWithPassword(PASSWORD);
    expect(codes(reloaded)).toEqual(['RecordUnknownDirectory']);
    practice.away = false;
    reloaded.engine.acknowledge(reloaded.engine.core.alarms[0]?.alarm ?? '');
    await settle(reloaded);
    expect(codes(reloaded)).toEqual([]);
    await reloaded.engine.sendMessage(shared, 'We have compared the words');
  });

  it('may be ahead of this device: then it catches up first', async () => {
    const { practice, coach, ana, shared } = await pair();
    const leaf = { tag: b64u(new Uint8Array(16).fill(5)), hash: b64u(new Uint8Array(32).fill(5)) };
    const before = practice.directory;
    practice.leaves.push(leaf);
    practice.directory = { size: before.size + 1, head: await appendLeaf(before.head, leaf) };
    await ana.engine.sync();
    await ana.engine.sendMessage(shared, 'From the future');
    await settle(ana);
    const { api } = coach.engine.core;
    const { me } = api;
    api.me = async () => ({ ...(await me()), directory: before });
    await coach.engine.sync();
    expect(codes(coach)).toEqual([]);
    expect(who(coach).directory.size).toBe(before.size + 1);
    expect(space(coach, 'shared').messages.map(({ text }) => text)).toEqual(['From the future']);
  });
});

describe('places', { timeout: 60_000 }, () => {
  it('refuses a shared space that is presented as one’s own', async () => {
    const { practice, coach, shared } = await pair();
    Object.assign(practice.spaces.get(shared) ?? {}, { kind: 'own' });
    const other = await onNewBrowser(practice, coach);
    expect(codes(other)).toContain('SpaceMislabelled');
    expect(other.engine.core.spaces.has(shared)).toBe(false);
  });

  it('refuses a space of one’s own that somebody else founded', async () => {
    const { practice, coach } = await pair();
    const eve = await makeKeyring();
    const made = await makeSpace(eve, { kind: 'own', role: 'practitioner' });
    const { keys } = coach.engine.core.open().keyring;
    const added = await addMember({ keyring: eve, roster: made.roster, keys: made.keys }, { keys, role: Object.keys(RIGHTS.own)[0] ?? '', how: 'qr', history: 'all' });
    const grants = added.grants.map(({ to, epoch, bytes }) => ({ to, epoch, body: b64u(bytes) }));
    const client = coach.engine.core.clients[0]?.client ?? null;
    const members = new Map([[who(coach).person, 'practitioner']]);
    practice.spaces.set(made.space, { id: made.space, kind: 'own', client, entries: [...made.entries, ...added.entries], grants, changes: [], members, head: added.roster.head, epoch: 1 });
    await settle(coach);
    expect(codes(coach)).toContain('SpaceMislabelled');
    expect(coach.engine.core.spaces.has(made.space)).toBe(false);
  });

  it('does not let the practice exchange the spaces of two clients', async () => {
    const { practice, coach } = await pair();
    await coach.engine.addClient({ name: 'Bob' });
    const before = coach.engine.core.clients.map(({ client, shared }) => [client, shared]);
    const [a, b] = practice.clients;
    if (a && b) [a.shared, b.shared] = [b.shared, a.shared];
    await coach.engine.sync();
    expect(codes(coach)).toEqual(['SpaceMislabelled']);
    expect(coach.engine.core.clients.map(({ client, shared }) => [client, shared])).toEqual(before);
  });
});

describe('keys and pins', { timeout: 60_000 }, () => {
  it('stays locked when the lock comes while a keyring is being stored', async () => {
    const practice = new FakePractice();
    const coach = await foundWith(practice);
    const { api } = coach.engine.core;
    const { changeKeyring } = api;
    api.changeKeyring = async (change) => {
      const answer = await changeKeyring(change);
      await coach.engine.lock();
      return answer;
    };
    await coach.engine.changePassword('another one entirely');
    expect(coach.engine.core.keyring).toBeNull();
    expect(coach.engine.state.at).toBe('locked');
    await coach.engine.unlockWithPassword('another one entirely');
    expect(coach.engine.state.at).toBe('open');
  });

  it('leaves no space behind that was being opened when the lock came', async () => {
    const { coach, shared } = await pair();
    const { core } = coach.engine;
    const { list } = coach.store;
    coach.store.list = async (table, prefix) => {
      if (table === 'records' && prefix.includes(shared)) await coach.engine.lock();
      return list.call(coach.store, table, prefix) as never;
    };
    core.spaces.delete(shared);
    await coach.engine.sync().catch(() => undefined);
    expect([...core.spaces.keys()]).toEqual([]);
    expect(coach.engine.state.at).toBe('locked');
  });

  it('takes the names of files away at the lock, and sealed files when the device is forgotten', async () => {
    const { coach, shared } = await pair();
    const { core } = coach.engine;
    core.api.beginFile = () => Promise.reject(new Offline());
    const bytes = utf8('x');
    const source = { name: 'Diagnosis.pdf', type: '', size: 1, stream: () => new Blob([bytes]).stream() } as FileSource;
    const { file } = await coach.engine.sendFile(shared, source);
    expect(await core.ports.files.open(file)).not.toBeNull();
    await coach.engine.lock();
    expect(JSON.stringify(core.transfers)).not.toContain('Diagnosis');
    await coach.engine.forgetDevice(core.account?.person ?? '');
    expect(await core.ports.files.open(file)).toBeNull();
  });

  it('keeps the owners that it knew, whomever the practice names', async () => {
    const { practice, coach, ana } = await pair();
    practice.owner = who(ana).person;
    await coach.engine.sync();
    expect(who(coach).owners.map(({ person }) => person)).toEqual([who(coach).person]);
  });

  it('signs a restore only for the installation that it knows', async () => {
    const practice = new FakePractice();
    const coach = await foundWith(practice);
    const { api } = coach.engine.core;
    const me = await api.me();
    api.me = async () => ({ ...me, anchor: { ...me.anchor, install: 'ins_other' }, restore: { pending: true, statements: [], restored: { size: 0, root: me.anchor.root } } });
    await expect(coach.engine.signRestore()).rejects.toMatchObject({ name: 'OtherInstall' });
  });

  it('finds a foreign leaf that was there before a new browser came', async () => {
    const practice = new FakePractice();
    const coach = await foundWith(practice);
    const leaf = { tag: practice.leaves[0]?.tag ?? '', hash: b64u(new Uint8Array(32).fill(7)) };
    practice.leaves.push(leaf);
    practice.directory = { size: 2, head: await appendLeaf(practice.directory.head, leaf) };
    expect(codes(await onNewBrowser(practice, coach))).toContain('ForeignLeaf');
  });
});
