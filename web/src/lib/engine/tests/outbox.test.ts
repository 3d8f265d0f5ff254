import { afterEach, describe, expect, it } from 'vitest';
import { FakePractice, problem } from './fake-practice';
import { foundWith, joinedClient, PASSWORD, settle, sit, space } from './world';

let practice: FakePractice;
afterEach(() => (practice.away = false));

async function pair() {
  practice = new FakePractice();
  const coach = await foundWith(practice);
  const ana = await joinedClient(practice, coach);
  return { coach, ana, shared: coach.engine.core.clients[0]?.shared ?? '', own: coach.engine.core.clients[0]?.own ?? '' };
}

describe('the outbox', { timeout: 60_000 }, () => {
  it('keeps what was written without a connection, over a lock and a reload, and sends it once', async () => {
    const { coach, ana, shared } = await pair();
    practice.away = true;
    await ana.engine.sendMessage(shared, 'Written in a tunnel');
    await ana.engine.settle();
    expect(space(ana, 'shared').messages).toMatchObject([{ text: 'Written in a tunnel', sending: 'waiting' }]);
    expect(ana.engine.core.connection).toBe('offline');
    const reloaded = await sit(practice, ana);
    expect(reloaded.engine.core.outbox).toMatchObject([{ kind: 'message', state: 'waiting' }]);
    await reloaded.engine.unlockWithPassword(PASSWORD);
    expect(space(reloaded, 'shared').messages).toMatchObject([{ text: 'Written in a tunnel', sending: 'waiting' }]);
    practice.away = false;
    await settle(reloaded);
    await settle(reloaded);
    expect(reloaded.engine.core.outbox).toEqual([]);
    expect(space(reloaded, 'shared').messages).toMatchObject([{ sending: 'sent' }]);
    await settle(coach);
    expect(space(coach, 'shared').messages.map(({ text }) => text)).toEqual(['Written in a tunnel']);
  });

  it('keeps what is refused for a second step that is missing, and sends it once it was added', async () => {
    const { coach, shared } = await pair();
    practice.needsFactor = true;
    await coach.engine.sendMessage(shared, 'Before the rule changed');
    await coach.engine.settle();
    expect(coach.engine.core.outbox).toMatchObject([{ kind: 'message', state: 'waiting', refusal: { code: 'factor-needed' } }]);
    practice.needsFactor = false;
    await settle(coach);
    expect(coach.engine.core.outbox).toEqual([]);
  });

  it('seals anew what was sealed before the key changed', async () => {
    const { coach, ana, shared } = await pair();
    practice.away = true;
    await coach.engine.addAction(shared, { title: 'Walk', due_on: '2026-12-01' });
    await coach.engine.settle();
    practice.away = false;
    const before = practice.spaces.get(shared)?.epoch ?? 0;
    // Another device of the coach withdraws an invite: a new epoch.
    const invite = await foundElsewhere(coach);
    await invite.engine.invite(coach.engine.core.clients[0]?.client ?? '');
    expect(practice.spaces.get(shared)?.epoch).toBeGreaterThan(before);
    await coach.engine.settle();
    await settle(coach);
    expect(coach.engine.core.outbox).toEqual([]);
    await settle(ana);
    expect(space(ana, 'shared').actions).toMatchObject([{ title: 'Walk', due_on: '2026-12-01', openMismatch: false }]);
    expect(ana.engine.core.alarms).toEqual([]);
  });

  it('merges actions by field', async () => {
    const { coach, ana, shared } = await pair();
    const record = await coach.engine.addAction(shared, { title: 'Walk' });
    await settle(coach);
    await settle(ana);
    practice.away = true;
    await ana.engine.completeAction(record, true);
    await ana.engine.completeAction(record, true);
    await ana.engine.settle();
    practice.away = false;
    await coach.engine.changeAction(record, { title: 'Walk every day', due_on: '2026-12-24' });
    await settle(coach);
    await settle(ana);
    await settle(ana);
    await settle(coach);
    const merged = { title: 'Walk every day', due_on: '2026-12-24', done: { by: ana.engine.core.open().account.person }, sending: 'sent' };
    expect(space(ana, 'shared').actions).toMatchObject([merged]);
    expect(space(coach, 'shared').actions).toMatchObject([merged]);
  });

  it('keeps two versions of a note until a person chooses', async () => {
    const { coach, own } = await pair();
    const first = await coach.engine.openDraft({ space: own, title: 'Session' });
    first.change({ title: 'Session' });
    await first.finish();
    await settle(coach);
    const other = await foundElsewhere(coach);
    practice.away = true;
    const here = await coach.engine.openDraft({ space: own, record: first.record });
    here.change({ title: 'Session, from the desk' });
    await here.finish();
    await coach.engine.settle();
    practice.away = false;
    const there = await other.engine.openDraft({ space: own, record: first.record });
    there.change({ title: 'Session, from the phone' });
    await there.finish();
    await settle(other);
    await settle(coach);
    const [note] = space(coach, 'own').notes;
    expect(note).toMatchObject({ title: 'Session, from the phone', conflict: { mine: { title: 'Session, from the desk' }, theirs: { title: 'Session, from the phone' } } });
    await coach.engine.chooseVersion(first.record, 'both');
    await settle(coach);
    expect(space(coach, 'own').notes.map(({ title, conflict }) => [title, conflict]).sort()).toEqual([['Session, from the desk', null], ['Session, from the phone', null]]);
  });

  it('says why something was refused, and gives its words back', async () => {
    const { ana, shared } = await pair();
    ana.engine.core.api.writeRecord = () => Promise.reject(problem(413, 'too-large'));
    await ana.engine.sendMessage(shared, 'Too much');
    await ana.engine.settle();
    await ana.engine.settle();
    const [entry] = ana.engine.core.outbox;
    expect(entry).toMatchObject({ state: 'refused', refusal: { code: 'too-large' } });
    expect(space(ana, 'shared').messages).toMatchObject([{ sending: 'refused' }]);
    expect(await ana.engine.discard(entry?.entry ?? '')).toBe('Too much');
    expect(space(ana, 'shared').messages).toEqual([]);
  });
});

/** The coach's second device, entered by kit. */
async function foundElsewhere(coach: Awaited<ReturnType<typeof foundWith>>) {
  const kits = await coach.engine.unprovedKits();
  const other = await sit(practice);
  await other.engine.signInWithKit(kits?.personal.line ?? '');
  await settle(other);
  return other;
}

describe('alarms', { timeout: 60_000 }, () => {
  it('stops writing in a space whose roster was rewritten, and goes on elsewhere', async () => {
    const { coach, ana, shared, own } = await pair();
    const forged = practice.spaces.get(own)?.entries[0] ?? '';
    practice.spaces.get(shared)?.entries.push(forged);
    await coach.engine.sync();
    expect(coach.engine.core.alarms).toMatchObject([{ space: shared, stopsWriting: true }]);
    await expect(coach.engine.sendMessage(shared, 'No')).rejects.toMatchObject({ name: 'WritingStopped' });
    expect(space(coach, 'shared').mayWrite.message).toBe(false);
    const draft = await coach.engine.openDraft({ space: own, title: 'Still possible' });
    await draft.finish();
    await settle(ana).catch(() => undefined);
  });

  it('does not show a record that its author did not sign for that place', async () => {
    const { coach, ana, shared } = await pair();
    await ana.engine.sendMessage(shared, 'One');
    await settle(ana);
    const stored = practice.spaces.get(shared)?.changes;
    const last = stored?.at(-1);
    if (last) stored?.push({ ...last, seq: last.seq + 1, record: last.record.replace(/.$/, last.record.endsWith('0') ? '1' : '0') });
    await coach.engine.sync();
    expect(coach.engine.core.alarms).toMatchObject([{ code: 'MisplacedRecord', space: shared }]);
    expect(space(coach, 'shared').messages.map(({ text }) => text)).toEqual(['One']);
  });

  it('is read-only towards a practice that went back in time', async () => {
    const { coach, own } = await pair();
    practice.anchor = { ...practice.anchor, size: 9 };
    practice.anchor.root = 'a'.repeat(43);
    await coach.engine.sync().catch(() => undefined);
    practice.anchor = { ...practice.anchor, size: 0 };
    await coach.engine.sync();
    expect(coach.engine.core.alarms.map(({ code, stopsWriting, space: about }) => [code, stopsWriting, about])).toContainEqual(['AnchorForked', true, null]);
    const draft = await coach.engine.openDraft({ space: own, title: 'Kept here' });
    draft.change({ title: 'Kept here, too' });
    await draft.flush();
    expect(draft.saved.state).toBe('device');
    await expect(draft.finish()).rejects.toMatchObject({ name: 'WritingStopped' });
  });
});
