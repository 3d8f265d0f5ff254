/** The protocol among honest parties. */
import { expect, test } from 'vitest';
import { addMember, changeRole, closeSpace, grantAgain, leaveSpace, openDraft, openRecord, readInviteLink, revokeInvite, rotate, sealDraft, sealRecord } from '../index';
import { HeadMoved, Server } from './server';
import { Device, pair, refusal, text } from './world';

test('a link leads from nothing to a shared record, history follows the check, a removal ends the reading', async () => {
  const server = new Server();
  const [coach, client] = [await Device.of(server), await Device.of(server)];
  const space = await coach.found();
  const before = await coach.write(space, 'from before', { kind: 'note' });
  const made = await coach.invite(space, { [coach.id]: 1 });
  const welcome = await coach.write(space, 'welcome', { kind: 'welcome' });
  expect(readInviteLink(made.link.url('https://home.example')).url('')).toBe(made.link.url(''));

  const open = await client.openInvite(made, space);
  expect([open.coach.keyHash, open.role, open.welcome.client]).toEqual([coach.keyring.keyHash, 'client', 'Ben']);
  const place = { space, id: welcome.header.id, rev: 1, epoch: 2 };
  expect(text((await openRecord(server.record(place), place, open.roster, open.keys)).body)).toBe('welcome');
  await client.join(made, space, { [coach.id]: 2 });

  const answer = await client.write(space, 'hello');
  expect(await coach.read(answer)).toBe('hello');
  expect(await refusal(client.read(before))).toBe('CannotOpen');
  expect((await coach.follow(space)).roster.unconfirmed.map((member) => member.person)).toEqual([client.person]);
  await coach.confirm(space, client);
  expect(await client.read(before)).toBe('from before');
  expect((await client.follow(space)).roster.unconfirmed).toEqual([]);

  await coach.change(space, (held) => rotate(held, { remove: [client.person], last: { [client.id]: 1 } }));
  const later = await coach.write(space, 'later');
  expect(await coach.read(answer)).toBe('hello');
  expect(await refusal(client.read(later))).toBe('CannotOpen');
  const { roster } = await coach.follow(space);
  expect(roster.members.map((member) => member.person)).toEqual([coach.person]);
});

test('a client who leaves makes rotation pending; nobody seals until the next key is made', async () => {
  const { coach, client, space } = await pair();
  await client.change(space, (held) => leaveSpace(held));
  expect((await coach.follow(space)).roster.rotationPending).toBe(true);
  expect(await refusal(coach.write(space, 'too early'))).toBe('RotationPending');
  await coach.change(space, (held) => rotate(held, { last: {} }));
  const record = await coach.write(space, 'private again');
  expect(await coach.read(record)).toBe('private again');
  expect(await refusal(client.read(record))).toBe('CannotOpen');
});

test('of two rotations at once one wins, and the loser rebuilds on what won', async () => {
  const { server, coach, client, space } = await pair();
  const second = await Device.of(server);
  const add = { keys: second.keyring.keys, role: 'practitioner', how: 'qr', history: 'all' } as const;
  await coach.change(space, (held) => addMember(held, add));
  const [mine, theirs] = [await rotate(await coach.follow(space), { last: {} }), await rotate(await second.follow(space), { last: {} })];
  server.append(mine);
  expect(() => server.append(theirs)).toThrow(HeadMoved);
  await second.change(space, (held) => rotate(held, { last: {} }));
  const record = await second.write(space, 'after the race');
  for (const device of [coach, client, second]) expect(await device.read(record)).toBe('after the race');
  expect((await client.follow(space)).roster.epoch).toBe(5);
});

test('a role bounds what one may seal and how one may change the roster', async () => {
  const { coach, client, space } = await pair();
  expect(await refusal(client.write(space, 'a note', { kind: 'note' }))).toBe('MayNotWrite');
  expect(await refusal(client.change(space, (held) => rotate(held, { last: {} })))).toBe('RosterNotAllowed');
  expect(await refusal(client.change(space, (held) => changeRole(held, client.person, 'practitioner')))).toBe('RosterNotAllowed');
  expect(await refusal(coach.change(space, (held) => changeRole(held, coach.person, 'client')))).toBe('LastKeeper');
  expect(await refusal(coach.change(space, (held) => leaveSpace(held)))).toBe('LastKeeper');
  await coach.change(space, (held) => changeRole(held, client.person, 'practitioner'));
  await client.write(space, 'a note', { kind: 'note' });
});

test('a closed space can be read, not written', async () => {
  const { coach, client, space } = await pair();
  const record = await client.write(space, 'last words');
  await coach.change(space, (held) => closeSpace(held));
  expect(await coach.read(record)).toBe('last words');
  expect(await refusal(client.write(space, 'too late'))).toBe('SpaceClosed');
  expect(await refusal(coach.change(space, (held) => rotate(held, { last: {} })))).toBe('SpaceClosed');
});

test('a withdrawn invite admits nobody, and its holder reads nothing sealed afterwards', async () => {
  const server = new Server();
  const [coach, client] = [await Device.of(server), await Device.of(server)];
  const space = await coach.found();
  const made = await coach.invite(space);
  const open = await client.openInvite(made, space);
  await coach.change(space, (held) => revokeInvite(held, made.link.invite, {}));
  expect(await refusal(client.join(made, space))).toBe('InviteRevoked');
  const record = await coach.write(space, 'not for the link');
  expect(await refusal(openRecord(record.bytes, { space, id: record.header.id, rev: 1 }, open.roster, open.keys))).toBe('CannotOpen');
});

test('revisions chain, tombstones are records, grants can be given again', async () => {
  const { coach, client, space } = await pair();
  const first = await client.write(space, 'one');
  const second = await client.write(space, 'two', { id: first.header.id, rev: 2, prev: first.hash });
  const { roster, keys } = await coach.follow(space);
  const place = { space, id: first.header.id, rev: 2, prev: first.hash };
  expect(text((await openRecord(second.bytes, place, roster, keys)).body)).toBe('two');
  const gone = await coach.write(space, '', { id: first.header.id, rev: 3, prev: second.hash, kind: 'tombstone' });
  expect(await client.read(gone)).toBe('');
  expect(await refusal(sealRecord(await coach.follow(space), coach.order(space, 'x', { rev: 2 })))).toBe('RevisionOutOfOrder');
  expect((await grantAgain(await coach.follow(space), client.person)).epoch).toBe(3);
});

test('drafts open with the own space and with nothing else', async () => {
  const { coach, client } = await pair();
  const [own, other] = [await coach.follow(await coach.found('own')), await client.follow(await client.found('own'))];
  const draft = await sealDraft(own.keys, { doc: 'unfinished' });
  const later = await rotate(own, { last: {} });
  expect(await openDraft(later.keys, draft)).toEqual({ doc: 'unfinished' });
  expect(await refusal(openDraft(other.keys, draft))).toBe('CannotOpen');
});
