/** The sizes that the product promises. Times are printed by tools/bench-crypto.ts, not asserted here: a busy machine is no bug. */
import { expect, test } from 'vitest';
import { addMember, openGrants, openRecord, rotate, sealRecord, type Held } from '../index';
import { Server } from './server';
import { Device, text } from './world';

test('a rotation for 50 members grants each of them, and only them', async () => {
  const server = new Server();
  const coach = await Device.of(server);
  const space = await coach.found();
  const members: Device[] = [];
  let held: Held = await coach.follow(space);
  for (let i = 0; i < 49; i++) {
    const member = await Device.of(server);
    const change = await addMember(held, { keys: member.keyring.keys, role: 'client', how: 'qr', history: 'from-now' });
    held = { ...held, roster: change.roster };
    members.push(member);
  }
  const gone = members[7]!;
  const change = await rotate(held, { remove: [gone.person], last: {} });
  expect(change.grants.map(({ to }) => to).sort()).toEqual([coach, ...members].filter((member) => member !== gone).map((member) => member.person).sort());
  for (const member of members.slice(0, 10)) {
    const grant = change.grants.find(({ to }) => to === member.person);
    if (member === gone) expect(grant).toBeUndefined();
    else expect((await openGrants(member.keyring, change.roster, [grant!.bytes])).epochs).toEqual([2]);
  }
}, 60_000);

test('500 records are sealed, opened and verified', async () => {
  const coach = await Device.of(new Server());
  const space = await coach.found();
  const held = await coach.follow(space);
  const opened: string[] = [];
  for (let i = 0; i < 500; i++) {
    const { bytes, header } = await sealRecord(held, coach.order(space, `record ${i}`));
    opened.push(text((await openRecord(bytes, { space, id: header.id, rev: 1 }, held.roster, held.keys)).body));
  }
  expect(opened).toEqual(Array.from({ length: 500 }, (_, i) => `record ${i}`));
}, 60_000);
