/** Colleagues: a team founded with the first invite, joining it, supervision and cover for a time, and a practice that lies about any of it. */
import { beforeEach, describe, expect, test } from 'vitest';
import { makeKeyring } from '$lib/crypto';
import { FakePractice } from './fake-practice';
import { foundWith, joinedClient, joinedColleague as joinedIn, settle, sit, space, type Seat } from './world';

const MINUTE_MS = 60_000;

let practice: FakePractice, maya: Seat, lena: Seat;
beforeEach(async () => {
  practice = new FakePractice();
  maya = await foundWith(practice);
  lena = await joinedColleague(maya, 'Lena');
});

const me = ({ engine }: Seat) => engine.core.open().account.person;
const codes = ({ engine }: Seat) => engine.core.alarms.map(({ code }) => code);
const until = ({ clock }: Seat, minutes: number) => new Date(clock.now() + minutes * MINUTE_MS).toISOString();
const kits = new Map<string, string>();

async function joinedColleague(by: Seat, name: string, role: 'practitioner' | 'owner' = 'practitioner'): Promise<Seat> {
  const seat = await joinedIn(practice, by, name, role);
  kits.set(me(seat), seat.kit);
  return seat;
}

describe('the team', () => {
  test('is founded with the first invite; whoever joins is confirmed and both know each other’s keys', async () => {
    for (const seat of [maya, lena]) {
      const { colleagues, keeper, invites } = await seat.engine.team();
      expect(colleagues.map(({ name, confirmed, verified }) => [name, confirmed, verified])).toEqual([['Maya', true, true], ['Lena', true, true]]);
      expect([keeper, invites.length > 0]).toEqual([seat === maya, true]);
      expect(codes(seat)).toEqual([]);
    }
    expect([space(lena, 'team').role, space(maya, 'team').role]).toEqual(['colleague', 'keeper']);
  });

  test('an invite says what it is for, signed by who invites', async () => {
    const { link } = await maya.engine.inviteColleague({ name: 'Olu', role: 'owner' });
    const seat = await sit(practice);
    expect(await seat.engine.readInvite(link)).toMatchObject({ role: 'owner', client: 'Olu', coach: { name: 'Maya' } });
  });

  test('inviting the same colleague again ends the older link; others stay', async () => {
    const first = await maya.engine.inviteColleague({ name: 'Olu', role: 'practitioner' });
    const other = await maya.engine.inviteColleague({ name: 'Ida', role: 'practitioner' });
    await maya.engine.inviteColleague({ name: 'Olu', role: 'practitioner' });
    const seat = await sit(practice);
    await expect(seat.engine.readInvite(first.link)).rejects.toMatchObject({ name: 'InviteRevoked' });
    expect(await seat.engine.readInvite(other.link)).toMatchObject({ client: 'Ida' });
    expect(await maya.engine.colleagueLink(other.invite)).toMatchObject({ link: other.link });
    await maya.engine.revokeColleagueInvite(other.invite);
    expect(await maya.engine.colleagueLink(other.invite)).toBe(null);
  });

  test('a third colleague, invited by another owner, trusts the team through who invited', async () => {
    const olu = await joinedColleague(maya, 'Olu', 'owner');
    const ida = await joinedColleague(olu, 'Ida');
    expect((await ida.engine.team()).colleagues.map(({ name }) => name)).toEqual(['Maya', 'Lena', 'Olu', 'Ida']);
    expect(codes(ida)).toEqual([]);
  });

  test('a colleague may not invite', async () => {
    await expect(lena.engine.inviteColleague({ name: 'Olu', role: 'practitioner' })).rejects.toMatchObject({ name: 'RosterNotAllowed' });
  });

  test('swapped keys of a colleague are refused, and nothing is shared with them', async () => {
    const { client } = await maya.engine.addClient({ name: 'Ana' });
    const shared = maya.engine.core.clients.find((found) => found.client === client)?.shared ?? '';
    const mallory = await makeKeyring(me(lena));
    const team = maya.engine.core.spaces.get(space(maya, 'team').space);
    if (!team) throw new Error('no team');
    const statement = await mallory.makeKeyStatement();
    team.row = { ...team.row, members: team.row.members.map((member) => (member.person === me(lena) ? { ...member, statement } : member)) };
    await expect(maya.engine.addToSpace(shared, { person: me(lena), role: 'cover', until: null, history: 'all' })).rejects.toMatchObject({ alarm: true });
    expect(space(maya, 'shared').members).toHaveLength(1);
  });

  test('a team that a stranger founded is not believed', async () => {
    const mallory = await foundWith(new FakePractice());
    await mallory.engine.inviteColleague({ name: 'X', role: 'practitioner' });
    const theirs = [...mallory.engine.core.spaces.values()].find(({ kind }) => kind === 'team');
    const ours = practice.spaces.get(practice.team ?? '');
    if (!theirs || !ours) throw new Error('no team');
    practice.spaces.set(theirs.id, { ...ours, id: theirs.id, entries: [...theirs.row.entries], head: theirs.roster.head });
    await settle(lena);
    expect(codes(lena).length).toBeGreaterThan(0);
    expect([...lena.engine.core.spaces.values()].filter(({ kind }) => kind === 'team')).toHaveLength(1);
  });
});

describe('supervision and cover', () => {
  let ana: Seat & { client: string }, shared: string;
  beforeEach(async () => {
    ana = await joinedClient(practice, maya);
    shared = space(ana, 'shared').space;
    await maya.engine.sendMessage(shared, 'before');
    for (const seat of [maya, ana]) await settle(seat);
  });
  const add = async (role: 'cover' | 'supervisor', end: string | null, history: 'all' | 'from-now' = 'all') => {
    await maya.engine.addToSpace(shared, { person: me(lena), role, until: end, history });
    expect(space(maya, 'shared').others).toEqual(['Ana', 'Lena']);
    for (const seat of [lena, ana]) await settle(seat);
  };

  test('cover works beside the practitioner, and the client sees who it is and until when', async () => {
    const end = until(maya, 9);
    await add('cover', end);
    await lena.engine.sendMessage(shared, 'I am covering');
    for (const seat of [lena, ana]) await settle(seat);
    expect(space(ana, 'shared').messages.map(({ text, authorName }) => [text, authorName])).toEqual([['before', 'Maya'], ['I am covering', 'Lena']]);
    expect(space(ana, 'shared').members.at(-1)).toMatchObject({ name: 'Lena', role: 'cover', until: end });
    expect(lena.engine.core.clients).toMatchObject([{ name: 'Ana', place: 'cover', state: 'verified' }]);
    expect([...lena.engine.core.spaces.values()].map(({ kind }) => kind).sort()).toEqual(['notebook', 'own', 'shared', 'team']);
    for (const seat of [maya, lena, ana]) expect(codes(seat)).toEqual([]);
  });

  test('a supervisor reads and cannot write; without history they read from then on', async () => {
    await maya.engine.markVerified(shared, me(ana), 'words');
    await add('supervisor', null, 'from-now');
    expect(space(lena, 'shared')).toMatchObject({ keeper: false, mayWrite: { note: false, message: false, action: false } });
    await expect(lena.engine.sendMessage(shared, 'no')).rejects.toMatchObject({ name: 'MayNotWrite' });
  });

  test('at the end the cover may write no more, and a keeper’s device removes them and makes the next key', async () => {
    await add('cover', until(maya, 5));
    const { epoch } = maya.engine.core.spaces.get(shared)!.roster;
    for (const seat of [lena, ana]) await seat.clock.pass(6 * MINUTE_MS);
    await expect(lena.engine.sendMessage(shared, 'late')).rejects.toMatchObject({ name: 'AccessEnded' });
    expect(space(ana, 'shared').others).toEqual(['Maya']);
    // By itself, once the end has come.
    await maya.clock.pass(6 * MINUTE_MS);
    await settle(maya);
    for (const seat of [ana, lena]) await settle(seat);
    expect(space(ana, 'shared').members.map(({ name }) => name)).toEqual(['Maya', 'Ana']);
    expect(maya.engine.core.spaces.get(shared)!.roster.epoch).toBe(epoch + 1);
    expect(lena.engine.core.spaces.has(shared)).toBe(false);
    for (const seat of [maya, ana]) expect(codes(seat)).toEqual([]);
  });

  test('a practice that does not mind the end: what was written after it is not shown, and nothing stops', async () => {
    await add('cover', until(maya, 5));
    // Lena’s clock stands; the end is moved up, and nobody tells her device.
    const before = practice.spaces.get(shared)!.entries.length;
    await maya.engine.addToSpace(shared, { person: me(lena), role: 'cover', until: until(maya, 1), history: 'all' });
    expect(practice.spaces.get(shared)!.entries.length).toBe(before + 1);
    await lena.clock.pass(2 * MINUTE_MS);
    await lena.engine.sendMessage(shared, 'late');
    await lena.engine.settle();
    await settle(ana);
    expect(codes(ana)).toEqual(['RecordAfterEnd']);
    expect(space(ana, 'shared').messages.map(({ text }) => text)).toEqual(['before']);
    expect(ana.engine.core.alarms.every(({ stopsWriting }) => !stopsWriting)).toBe(true);
  });

  test('a new browser of the cover opens the same spaces', async () => {
    await add('cover', null);
    const again = await sit(practice);
    await again.engine.signInWithKit(kits.get(me(lena)) ?? '');
    await settle(again);
    expect(space(again, 'shared').messages.map(({ text }) => text)).toEqual(['before']);
    expect(codes(again)).toEqual([]);
  });

  test('whoever is not in the team is not added', async () => {
    await expect(maya.engine.addToSpace(shared, { person: me(ana), role: 'cover', until: null, history: 'all' })).rejects.toMatchObject({ name: 'NotAColleague' });
  });

  test('a client is handed over with all that was shared; whoever hands over reads on, or is out', async () => {
    await add('cover', until(maya, 9));
    await maya.engine.handOver(ana.client, { person: me(lena), stay: true });
    for (const seat of [lena, ana, maya]) await settle(seat);
    expect(space(lena, 'shared')).toMatchObject({ role: 'practitioner', keeper: true });
    expect(space(maya, 'shared')).toMatchObject({ role: 'supervisor', keeper: false, mayWrite: { message: false } });
    expect(space(ana, 'shared').members.map(({ name, role, until: end }) => [name, role, end])).toEqual([['Maya', 'supervisor', null], ['Ana', 'client', null], ['Lena', 'practitioner', null]]);

    // Back again, and this time she leaves: what is written afterwards has a new key.
    await lena.engine.handOver(ana.client, { person: me(maya), stay: false });
    for (const seat of [maya, ana, lena]) await settle(seat);
    expect(lena.engine.core.clients).toEqual([]);
    expect(space(maya, 'shared').keeper).toBe(true);
    await ana.engine.sendMessage(shared, 'between us');
    for (const seat of [ana, maya]) await settle(seat);
    expect(space(maya, 'shared').messages.map(({ text }) => text)).toEqual(['before', 'between us']);
    expect(maya.engine.core.spaces.get(shared)!.roster.rotationPending).toBe(false);
    for (const seat of [maya, lena, ana]) expect(codes(seat)).toEqual([]);
  });
});
