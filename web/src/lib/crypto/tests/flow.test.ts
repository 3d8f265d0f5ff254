import { expect, test } from 'vitest';
import { utf8Text } from '../bytes';
import { confirmJoin, openGrants, openKeyring, deriveKitSlot, openRecord, readInviteLink, rotate, verifyRoster } from '../index';
import { foundShared, invited, joined, note, sealRecord, someone } from './world';

test('an invite link leads from nothing to a shared record, and a removal ends the reading', async () => {
  const [coach, client] = [await someone(), await someone()];
  const space = await foundShared(coach);
  const before = await sealRecord(space.held, note(coach.device, 'history', { seq: 1, kind: 'note' }));
  const made = await invited(space, { [coach.device]: 1 });
  const welcome = await sealRecord(space.held, note(coach.device, 'welcome', { seq: 2, kind: 'welcome' }));
  expect(readInviteLink(made.link.url('https://home.example')).url('')).toBe(made.link.url(''));
  const { open, change, held } = await joined(space, made, client, { [coach.device]: 2 });
  const place = { space: open.space, rev: 1 };
  expect(utf8Text((await openRecord(welcome.bytes, { ...place, id: welcome.header.id }, open.roster, open.keys)).body, '')).toBe('welcome');
  await expect(openRecord(before.bytes, { ...place, id: before.header.id }, open.roster, open.keys)).rejects.toThrow(/does not open/);

  // The coach comes online, follows, and confirms with history.
  const roster = await verifyRoster(space.entries, { space: open.space, pin: { head: space.held.roster.head, size: space.held.roster.size } });
  const mine = change.grants.find((grant) => grant.to === coach.keyring.person);
  const coachKeys = space.held.keys.with(await openGrants(coach.keyring, roster, [mine!.bytes]));
  const statement = await client.keyring.makeKeyStatement();
  const confirmed = await confirmJoin({ keyring: coach.keyring, roster, keys: coachKeys }, { person: client.keyring.person, how: 'link', history: 'all', statement });
  const clientKeys = await openGrants(client.keyring, confirmed.roster, confirmed.grants.map((grant) => grant.bytes));
  expect(clientKeys.epochs).toEqual([1, 2, 3]);
  await openRecord(before.bytes, { ...place, id: before.header.id }, confirmed.roster, clientKeys);

  const answer = await sealRecord(held, note(client.device, 'hello'));
  const read = await openRecord(answer.bytes, { ...place, id: answer.header.id, kind: 'message' }, confirmed.roster, coachKeys);
  expect(utf8Text(read.body, '')).toBe('hello');

  const removal = await rotate({ keyring: coach.keyring, roster: confirmed.roster, keys: coachKeys }, { remove: [client.keyring.person], last: { [client.device]: 1, [coach.device]: 2 } });
  expect(removal.grants.map((grant) => grant.to)).toEqual([coach.keyring.person]);
  const later = await sealRecord({ keyring: coach.keyring, roster: removal.roster, keys: removal.keys }, note(coach.device, 'later', { seq: 3 }));
  await expect(openRecord(later.bytes, { ...place, id: later.header.id }, removal.roster, clientKeys)).rejects.toMatchObject({ name: 'CannotOpen' });
});

test('a kit opens the keyring', async () => {
  const { kit, sealed, keyring } = await someone();
  const again = await openKeyring(sealed.bytes, await deriveKitSlot(kit), { person: keyring.person, keyHash: keyring.keyHash, version: 1 });
  expect(again.keyHash).toBe(keyring.keyHash);
});
