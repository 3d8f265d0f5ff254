/** Members whose place ends by itself, and a server that does not mind the end. */
import { beforeEach, describe, expect, test } from 'vitest';
import { addMember, changeRole, leaveSpace, makeSpace, openRecord, rotate, sealRecord, verifyRoster, type RecordOrder } from '../index';
import { forgeEntry } from './forge';
import type { Server } from './server';
import { Device, pair, refusal } from './world';

const DAY_MS = 86_400_000;
const at = (days: number) => new Date(Date.now() + days * DAY_MS);
const until = (days: number) => at(days).toISOString();

let server: Server, coach: Device, client: Device, cover: Device, space: string;
beforeEach(async () => {
  ({ server, coach, client, space } = await pair());
  cover = await Device.of(server);
});

const add = (role: string, end: string | null, history: 'all' | 'from-now' = 'all') =>
  coach.change(space, (held) => addMember(held, { keys: cover.keyring.keys, role, how: 'words', history, until: end }));

/** What an honest reader says to a record that the cover seals, on whatever state of the roster and by whatever clock. */
async function written(more: Partial<RecordOrder>, entries = server.roster(space)): Promise<string> {
  const held = await cover.follow(space);
  const roster = await verifyRoster(entries, { space });
  const made = await sealRecord({ ...held, roster }, cover.order(space, 'late', more));
  const reader = await client.follow(space);
  return refusal(openRecord(made.bytes, { space, id: made.header.id, rev: 1 }, reader.roster, reader.keys));
}

describe('cover', () => {
  test('works until the end: notes, messages, and nothing about who is in here', async () => {
    await add('cover', until(1));
    expect(await written({ kind: 'note' })).toBe('accepted');
    expect(await refusal(cover.change(space, (held) => rotate(held, { last: {} })))).toBe('RosterNotAllowed');
    expect(await refusal(cover.write(space, 'x', { kind: 'welcome' }))).toBe('MayNotWrite');
  });

  test('seals nothing after the end', async () => {
    await add('cover', until(1));
    expect(await refusal(cover.write(space, 'late', { at: at(2) }))).toBe('AccessEnded');
  });

  test('a record sealed after the end is refused although the server takes it', async () => {
    await add('cover', until(3));
    const held = await cover.follow(space);
    // The end was moved up; a device that has not looked, or does not want to, seals by the list that it had.
    await add('cover', until(1));
    const made = await sealRecord(held, cover.order(space, 'late', { at: at(2) }));
    server.store(made);
    expect(await refusal(client.read(made))).toBe('RecordAfterEnd');
    const early = await sealRecord(held, cover.order(space, 'in time', { at: at(0.5) }));
    server.store(early);
    expect(await client.read(early)).toBe('in time');
  });

  test('a clock that was turned back does not help where an entry from after the end is named', async () => {
    await add('cover', until(1));
    const held = await coach.follow(space);
    const later = await forgeEntry(server.roster(space), coach.keyring, { op: 'role', person: client.person, role: 'client', ts: until(2) });
    const entries = [...server.roster(space), later];
    const roster = await verifyRoster(entries, { space });
    const made = await sealRecord({ ...(await cover.follow(space)), roster }, cover.order(space, 'late', { at: at(0.5) }));
    expect(await refusal(openRecord(made.bytes, { space, id: made.header.id, rev: 1 }, roster, held.keys))).toBe('RecordAfterEnd');
  });

  test('more time is one more entry', async () => {
    await add('cover', until(1));
    await add('cover', until(3));
    expect(await written({ at: at(2) })).toBe('accepted');
    expect((await client.follow(space)).roster.member(cover.person)?.until).toBe((await coach.follow(space)).roster.member(cover.person)?.until);
  });

  test('gets no key that is made after the end, and is removed by the next device of a keeper', async () => {
    await add('cover', until(1));
    const change = await coach.change(space, (held) => rotate(held, { last: {}, at: at(2) }));
    expect(change.grants.map(({ to }) => to).sort()).toEqual([coach.person, client.person].sort());
    const { roster } = await coach.follow(space);
    expect(roster.endedAt(until(2)).map(({ person }) => person)).toEqual([cover.person]);
    expect(roster.endedAt(until(0))).toEqual([]);
    await coach.change(space, (held) => rotate(held, { remove: [cover.person], last: {} }));
    expect((await client.follow(space)).roster.member(cover.person)).toBe(null);
  });

  test('changes nothing in the list after the end, but may still leave', async () => {
    await add('cover', until(1));
    await client.change(space, (held) => leaveSpace(held));
    expect(await refusal(cover.change(space, (held) => rotate(held, { last: {}, at: at(2) })))).toBe('MembershipEnded');
    await cover.change(space, (held) => leaveSpace(held, at(2)));
    expect((await coach.follow(space)).roster.members.map(({ person }) => person)).toEqual([coach.person]);
  });

  test('whoever may change the list has no end', async () => {
    expect(await refusal(add('practitioner', until(1)))).toBe('RosterNotAllowed');
    await add('cover', until(1));
    expect(await refusal(coach.change(space, (held) => changeRole(held, cover.person, 'practitioner')))).toBe('RosterNotAllowed');
  });
});

test('a supervisor reads and writes nothing', async () => {
  await add('supervisor', null);
  const record = await client.write(space, 'for both');
  expect(await cover.read(record)).toBe('for both');
  for (const kind of ['note', 'message', 'action', 'file', 'tombstone'] as const) expect(await refusal(cover.write(space, 'x', { kind }))).toBe('MayNotWrite');
});

test('a colleague added without history reads from then on', async () => {
  const before = await client.write(space, 'before');
  await coach.change(space, (held) => rotate(held, { last: { [client.id]: 1 } }));
  await add('cover', null, 'from-now');
  expect(await refusal(cover.read(before))).toBe('CannotOpen');
  expect(await cover.read(await client.write(space, 'after'))).toBe('after');
});

test('a team: keepers decide who is in it, colleagues do not', async () => {
  const founded = await makeSpace(coach.keyring, { kind: 'team', role: 'keeper' });
  server.append(founded);
  space = founded.space;
  const change = await add('colleague', null);
  expect([change.roster.kind, change.roster.may(cover.person, 'roster'), change.roster.may(coach.person, 'roster')]).toEqual(['team', false, true]);
  await cover.follow(space);
  expect(await refusal(cover.change(space, (held) => addMember(held, { keys: client.keyring.keys, role: 'colleague', how: 'link', history: 'all' })))).toBe('RosterNotAllowed');
});
