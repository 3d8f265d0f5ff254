/** A client who lost everything is invited again: new keys, the shared history, nothing for the old ones. */
import { expect, it } from 'vitest';
import { FakePractice } from './fake-practice';
import { syncSpace } from '../sync';
import { foundWith, joinedClient, PASSWORD, settle, sit, space } from './world';

it('comes back with new keys and finds what was shared', async () => {
  const practice = new FakePractice();
  const coach = await foundWith(practice);
  const lost = await joinedClient(practice, coach);
  const shared = space(coach, 'shared').space;
  await coach.engine.sendMessage(shared, 'See you on Monday');
  await settle(coach);
  const old = lost.engine.me?.person ?? '';

  await coach.engine.removeMember(shared, old);
  const view = () => coach.engine.core.clients.find(({ client }) => client === lost.client);
  expect(view()?.state).toBe('added');
  const { link } = await coach.engine.invite(lost.client, { message: 'Welcome back' });
  expect(view()?.state).toBe('invited');

  const anew = await sit(practice);
  await anew.engine.readInvite(link);
  await anew.engine.join({ name: 'Ana', zone: 'UTC', unlock: { kind: 'password', password: PASSWORD } });
  practice.devices.set(anew.engine.core.open().account.person, anew.engine.core.open().account.device);
  await settle(anew);
  await settle(coach);
  await settle(anew);
  expect(anew.engine.me?.person).not.toBe(old);
  expect(space(anew, 'shared').messages.map(({ text }) => text)).toEqual(['See you on Monday']);
  // Confirmed by the link alone: words are compared again.
  expect(view()).toMatchObject({ state: 'verified', compared: false, person: anew.engine.me?.person });
  expect(space(coach, 'shared').members.filter(({ role }) => role === 'client').map(({ person }) => person)).toEqual([anew.engine.me?.person]);
});

it('a roster that is fetched while this device changes it is no fork', async () => {
  const practice = new FakePractice();
  const coach = await foundWith(practice);
  const { client } = await coach.engine.addClient({ name: 'Ana' });
  await settle(coach);
  const { core } = coach.engine;
  const found = core.spaces.get(space(coach, 'shared').space);
  const honest = core.api.roster;
  // The event stream asks, and its answer comes after this device's own change was made and taken.
  let release: () => void = () => undefined;
  const late = new Promise<void>((resolve) => (release = resolve));
  let asked = 0;
  core.api.roster = async (id, from) => {
    if (asked++ > 0) return honest(id, from);
    await late;
    return honest(id, from);
  };
  const fetching = syncSpace(core, found?.row ?? { space: '', kind: 'shared', client: null });
  await coach.engine.invite(client, {});
  release();
  await fetching;
  core.api.roster = honest;
  await settle(coach);
  expect(core.alarms).toEqual([]);
  expect(found?.row.entries.length).toBe(found?.roster.size);
});
