/** The closing of an epoch left out what the practice had acknowledged: the words are saved again, and somebody is told. */
import { describe, expect, it } from 'vitest';
import { FakePractice } from './fake-practice';
import { foundWith, joinedClient, PASSWORD, settle, sit, space, type Seat } from './world';

const codes = ({ engine }: Seat) => engine.core.alarms.map(({ code }) => code);
const texts = (seat: Seat) => space(seat, 'shared').messages.map(({ text }) => text);

/** Ana's items are taken; the coach closes the epoch without having seen them. */
async function leftOut(write: (ana: Seat, shared: string) => Promise<void>) {
  const practice = new FakePractice();
  const coach = await foundWith(practice);
  const ana = await joinedClient(practice, coach);
  const { client, shared } = coach.engine.core.clients[0] ?? { client: '', shared: '' };
  await write(ana, shared);
  await settle(ana);
  await coach.engine.invite(client);
  return { practice, coach, ana, shared };
}

describe('what a closing left out', { timeout: 60_000 }, () => {
  it('is saved again by its author, who is told, although the alarm stops writing', async () => {
    const { practice, coach, ana, shared } = await leftOut(async (seat, id) => void (await seat.engine.sendMessage(id, 'One')));
    await settle(ana);
    expect(ana.engine.core.alarms).toMatchObject([{ code: 'EpochClosedEarly', space: shared, stopsWriting: true }]);
    await expect(ana.engine.sendMessage(shared, 'Not now')).rejects.toMatchObject({ name: 'WritingStopped' });
    await settle(coach);
    expect(texts(coach)).toEqual(['One']);
    expect(codes(coach)).toEqual(['RecordAfterClose']);
    expect(practice.spaces.get(shared)?.changes.map(({ rev, dev_seq }) => [rev, dev_seq])).toEqual([[1, 1], [2, 2]]);
    expect(codes(ana)).toEqual(['EpochClosedEarly']);
  });

  it('is told until somebody has looked, and then no more', async () => {
    const { practice, ana, shared } = await leftOut(async (seat, id) => void (await seat.engine.sendMessage(id, 'One')));
    await settle(ana);
    practice.away = true;
    const reloaded = await sit(practice, ana);
    await reloaded.engine.unlockWithPassword(PASSWORD);
    expect(codes(reloaded)).toContain('EpochClosedEarly');
    practice.away = false;
    for (const seat of [reloaded, ana]) {
      seat.engine.acknowledge(seat.engine.core.alarms.find(({ code }) => code === 'EpochClosedEarly')?.alarm ?? '');
      await settle(seat);
      await settle(seat);
      expect(codes(seat)).not.toContain('EpochClosedEarly');
    }
    await reloaded.engine.sendMessage(shared, 'Going on');
  });

  it('is saved again in its newest form only, and once', async () => {
    const { practice, coach, ana, shared } = await leftOut(async (seat, id) => {
      const record = await seat.engine.addAction(id, { title: 'Walk' });
      await settle(seat);
      await seat.engine.changeAction(record, { title: 'Run' });
    });
    for (let i = 0; i < 3; i++) await settle(ana);
    expect(practice.spaces.get(shared)?.changes.map(({ rev }) => rev)).toEqual([1, 2, 3]);
    await settle(coach);
    const reloaded = await sit(practice, ana);
    await reloaded.engine.unlockWithPassword(PASSWORD);
    for (let i = 0; i < 3; i++) await settle(reloaded);
    expect(practice.spaces.get(shared)?.changes.map(({ rev }) => rev)).toEqual([1, 2, 3]);
    expect(space(reloaded, 'shared').actions).toMatchObject([{ title: 'Run', rev: 3 }]);
  });

  it('stays deleted where it was a deletion', async () => {
    const { coach, ana } = await leftOut(async (seat, id) => {
      const record = await seat.engine.sendMessage(id, 'Gone');
      await settle(seat);
      await seat.engine.remove(record);
    });
    for (let i = 0; i < 2; i++) await settle(ana);
    await settle(coach);
    expect([texts(ana), texts(coach)]).toEqual([[], []]);
  });
});
