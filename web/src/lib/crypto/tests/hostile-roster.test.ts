/** A server that lies about who is in a space. Every lie is refused by its name. */
import { beforeEach, describe, expect, test } from 'vitest';
import { addMember, confirmJoin, extendRoster, rotate, verifyRoster } from '../index';
import { fieldsOf, forgeEntry, tampered } from './forge';
import { Server } from './server';
import { Device, pair, refusal } from './world';

let server: Server, coach: Device, client: Device, space: string;
beforeEach(async () => {
  ({ server, coach, client, space } = await pair());
  await client.follow(space);
});

/** What an honest device says to these entries. */
const verdict = (entries: string[]) => refusal(verifyRoster(entries, { space }));

describe('swapped keys', () => {
  test('a recipient swapped in a joiner’s entry', async () => {
    const mallory = await Device.of(server);
    const entries = server.roster(space).map((entry) => (fieldsOf(entry).op === 'join' ? tampered(entry, { recipient: mallory.keyring.keys.recipient }) : entry));
    expect(await verdict(entries)).toBe('RosterBadSignature');
  });

  test('a client’s keys swapped between roster and directory', async () => {
    const mallory = await Device.of(server);
    const made = await coach.invite(space);
    const late = await Device.of(server);
    await late.join(made, space);
    const held = await coach.follow(space);
    const fake = await mallory.keyring.makeKeyStatement();
    expect(await refusal(confirmJoin(held, { person: late.person, how: 'link', history: 'all', statement: fake }))).toBe('KeyChanged');
  });

  test('a lost account is faked: new keys for a member', async () => {
    const impostor = { ...(await Device.of(server)).keyring.keys, person: client.person };
    const add = { keys: impostor, role: 'client', how: 'link', history: 'all' } as const;
    expect(await refusal(coach.change(space, (held) => addMember(held, add)))).toBe('MemberKeysSwapped');
  });

  test('a lost account is faked: the member joins again by a new invite', async () => {
    const made = await coach.invite(space);
    expect(await refusal(client.join(made, space))).toBe('AlreadyMember');
  });

  test('after an honest removal, other keys are shown as changed and the pin refuses them', async () => {
    await coach.change(space, (held) => rotate(held, { remove: [client.person], last: {} }));
    const impostor = { ...(await Device.of(server)).keyring.keys, person: client.person };
    const back = await coach.change(space, (held) => addMember(held, { keys: impostor, role: 'client', how: 'link', history: 'from-now' }));
    expect(back.roster.member(client.person)?.keysChanged).toBe(true);
    const compared = await coach.change(space, (held) => addMember(held, { keys: impostor, role: 'client', how: 'words', history: 'from-now' }));
    expect(compared.roster.member(client.person)?.keysChanged).toBe(false);
    expect(await refusal(client.follow(space))).toBe('OwnKeysSwapped');
  });
});

describe('a bent chain', () => {
  test('entries hidden from the end', async () => {
    const all = server.roster(space);
    server.roster = () => all.slice(0, -1);
    expect(await refusal(client.follow(space))).toBe('RosterRolledBack');
  });

  test('entries hidden from the middle, swapped or repeated', async () => {
    const all = server.roster(space);
    expect(await verdict(all.filter((_, n) => n !== 2))).toBe('RosterForked');
    expect(await verdict([all[0], all[2], all[1], ...all.slice(3)] as string[])).toBe('RosterForked');
    expect(await verdict([...all, all.at(-1) as string])).toBe('RosterForked');
    expect(await verdict([...all, all[0] as string])).toBe('RosterForked');
  });

  test('a change cut in half', async () => {
    expect(await verdict(server.roster(space).slice(0, 4))).toBe('RosterCutShort');
    expect(await verdict([])).toBe('RosterCutShort');
  });

  test('a fork: each device is shown another continuation', async () => {
    const [mine, theirs] = [await rotate(await coach.follow(space), { last: {} }), await rotate(await coach.follow(space), { last: {} })];
    const common = server.roster(space);
    server.append(mine);
    await client.follow(space);
    server.roster = () => [...common, ...theirs.entries];
    expect(await refusal(client.follow(space))).toBe('RosterRolledBack');
  });

  test('another space', async () => {
    const other = server.roster(await coach.found());
    expect(await verdict(other)).toBe('RosterOfAnotherSpace');
    const all = server.roster(space);
    expect(await verdict([...all, await forgeEntry(all, coach.keyring, { op: 'close', space: other })])).toBe('RosterEntryMalformed');
    expect(await verdict([...all, await forgeEntry(all, coach.keyring, { op: 'close', space: `spc_${'A'.repeat(43)}` })])).toBe('RosterOfAnotherSpace');
  });
});

describe('entries by people without the right', () => {
  const appended = async (by: Device, fields: Record<string, unknown>) => {
    const all = server.roster(space);
    return verdict([...all, await forgeEntry(all, by.keyring, fields)]);
  };

  test('a stranger, a client, a forged signature, another kind of statement', async () => {
    const mallory = await Device.of(server);
    expect(await appended(mallory, { op: 'close' })).toBe('RosterNotAMember');
    expect(await appended(client, { op: 'close' })).toBe('RosterNotAllowed');
    expect(await appended(mallory, { op: 'close', by: coach.person })).toBe('RosterBadSignature');
    const all = server.roster(space);
    expect(await verdict([...all, await forgeEntry(all, coach.keyring, { op: 'close' }, 'grant')])).toBe('RosterBadSignature');
  });

  test('a client closes an epoch early', async () => {
    const roster = await verifyRoster(server.roster(space), { space });
    const current = roster.epochs.at(-1)!;
    const epoch = { n: current.n + 1, prev: current.commit, commit: 'A'.repeat(43), last: {} };
    expect(await appended(client, { op: 'epoch', epoch })).toBe('RosterNotAllowed');
    expect(await appended(coach, { op: 'epoch', epoch })).toBe('accepted');
  });

  test('an epoch is brought back, skipped or reused', async () => {
    const roster = await verifyRoster(server.roster(space), { space });
    const [older, current] = [roster.epochs.at(-2)!, roster.epochs.at(-1)!];
    const epoch = { n: current.n + 1, prev: current.commit, commit: 'A'.repeat(43), last: {} };
    for (const wrong of [{ n: current.n }, { n: current.n + 2 }, { prev: older.commit }, { commit: older.commit }]) {
      expect(await appended(coach, { op: 'epoch', epoch: { ...epoch, ...wrong } })).toBe('EpochMovedBack');
    }
  });

  test('something slipped between a removal and its epoch', async () => {
    const all = server.roster(space);
    const removal = await forgeEntry(all, coach.keyring, { op: 'remove', person: client.person });
    expect(await verdict([...all, removal])).toBe('RosterCutShort');
    const then = await forgeEntry([...all, removal], coach.keyring, { op: 'close' });
    expect(await verdict([...all, removal, then])).toBe('RosterUnfinished');
  });

  test('roles that do not exist, persons who are not members, fields of other types', async () => {
    expect(await appended(coach, { op: 'role', person: client.person, role: 'admin' })).toBe('RosterUnknownRole');
    const nobody = (await Device.of(server)).person;
    expect(await appended(coach, { op: 'remove', person: nobody })).toBe('RosterNotAMember');
    expect(await appended(coach, { op: 'rename' })).toBe('RosterEntryMalformed');
    expect(await appended(coach, { op: 'remove', person: 7 })).toBe('RosterEntryMalformed');
    expect(await appended(coach, { op: 'close', v: 2 })).toBe('RosterEntryMalformed');
  });

  test('a roster is extended under the same rules', async () => {
    const roster = await verifyRoster(server.roster(space), { space });
    expect(await refusal(extendRoster(roster, [await forgeEntry(server.roster(space), client.keyring, { op: 'close' })]))).toBe('RosterNotAllowed');
  });
});

test('every refusal here is an alarm that stops writing, and says what to do', async () => {
  const all = server.roster(space);
  const error = await verifyRoster(all.slice(1), { space }).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ name: 'RosterForked', alarm: true });
  expect((error as Error).message).toMatch(/Tell the practice’s owner\.$/);
});
