import { describe, expect, it } from 'vitest';
import { FakePractice } from './fake-practice';
import { foundWith, joinedClient, PASSWORD, settle, sit, space } from './world';

describe('a practice from its founding on', () => {
  it('founds, proves kits, invites, joins, confirms, and both read what the other writes', { timeout: 60_000 }, async () => {
    const practice = new FakePractice();
    const coach = await foundWith(practice);
    const kits = await coach.engine.unprovedKits();
    expect(kits?.personal.words).toHaveLength(24);
    const places = coach.engine.kitQuestions('personal');
    expect(places).toHaveLength(2);
    expect(new Set(places).size).toBe(2);
    await expect(coach.engine.proveKit('personal', { words: [] })).rejects.toMatchObject({ name: 'KitWrongWord' });
    await coach.engine.proveKit('personal', { words: places.map((place) => ({ place, word: kits?.personal.words[place - 1] ?? '' })) });
    expect(await coach.engine.proveKit('restore', { text: kits?.restore.words.join(' ') ?? '' })).toMatchObject({ all: true });
    expect(coach.engine.me?.kitsProved).toBe(true);
    expect(await coach.engine.unprovedKits()).toBeNull();

    const { client } = await coach.engine.addClient({ name: 'Ana' });
    const { link } = await coach.engine.invite(client, { message: 'Welcome' });
    expect(await coach.engine.inviteLink(client)).toMatchObject({ link });
    const shared = coach.engine.core.clients[0]?.shared ?? '';
    await coach.engine.writeWelcome(shared, 'Hello Ana');
    await settle(coach);

    const ana = await sit(practice);
    expect(await ana.engine.readInvite(link)).toMatchObject({ practice: 'P', client: 'Ana', message: 'Welcome' });
    const { kit } = await ana.engine.join({ name: 'Ana', zone: 'UTC', unlock: { kind: 'password', password: PASSWORD } });
    expect(kit.words).toHaveLength(24);
    practice.devices.set(ana.engine.core.open().account.person, ana.engine.core.open().account.device);
    await settle(ana);
    expect(ana.engine.core.alarms).toEqual([]);
    expect(space(ana, 'shared').welcome?.text).toBe('Hello Ana');
    expect(space(ana, 'shared').others).toEqual(['Maya']);

    await settle(coach);
    expect(coach.engine.core.clients[0]).toMatchObject({ state: 'verified', compared: false });
    await ana.engine.sendMessage(shared, 'Good morning');
    await settle(ana);
    await settle(coach);
    expect(space(coach, 'shared').messages.map(({ text, authorName }) => [text, authorName])).toEqual([['Good morning', 'Ana']]);
    const words = await coach.engine.safetyWords(ana.engine.core.open().account.person);
    expect(await ana.engine.safetyWords(coach.engine.core.open().account.person)).toEqual(words);
    const code = await ana.engine.myCode(coach.engine.me?.person ?? '');
    await expect(ana.engine.scanCode(code)).rejects.toMatchObject({ name: 'CodeOfAnother' });
    await expect(coach.engine.scanCode(code.slice(0, -4) + 'AAAA')).rejects.toMatchObject({ name: 'KeyChanged' });
    await expect(coach.engine.scanCode(code.replace(/:per_\w+:([\w-]+)$/, ':per_other:$1'))).rejects.toMatchObject({ name: 'CodeForAnother' });
    await coach.engine.scanCode(code);
    expect(coach.engine.core.clients[0]).toMatchObject({ state: 'verified', compared: true });
    expect([coach.engine.core.alarms, ana.engine.core.alarms]).toEqual([[], []]);
  });

  it('shares a note from the own space, and edits it again', { timeout: 60_000 }, async () => {
    const practice = new FakePractice();
    const coach = await foundWith(practice);
    const ana = await joinedClient(practice, coach);
    const { own, shared } = coach.engine.core.clients[0] ?? { own: '', shared: '' };
    const draft = await coach.engine.openDraft({ space: own, title: 'First' });
    draft.change({ doc: { type: 'doc', content: [] } });
    await coach.clock.pass(1_000);
    expect(draft.saved.state).toBe('device');
    const made = await draft.share();
    await settle(coach);
    expect(made.space).toBe(shared);
    await settle(ana);
    expect(space(ana, 'shared').notes).toMatchObject([{ title: 'First', rev: 1 }]);
    const again = await coach.engine.openDraft({ space: shared, record: made.record });
    expect(again.space).toBe(own);
    again.change({ title: 'Second' });
    expect(await again.share()).toEqual(made);
    await settle(coach);
    await settle(ana);
    expect(space(ana, 'shared').notes).toMatchObject([{ title: 'Second', rev: 2 }]);
    expect(space(coach, 'own').notes).toMatchObject([{ title: 'Second', sharedAs: { record: made.record, stale: false } }]);
    const secret = await coach.engine.openDraft({ space: own, private: true, title: 'Mine' });
    await expect(secret.share()).rejects.toMatchObject({ name: 'NotePrivate' });
    await secret.discard();
  });
});

describe('the device', () => {
  it('locks, unlocks offline, and signs in again by password and by kit', { timeout: 60_000 }, async () => {
    const practice = new FakePractice();
    const coach = await foundWith(practice);
    const kits = await coach.engine.unprovedKits();
    await coach.engine.addClient({ name: 'Ana' });
    await coach.engine.lock();
    expect(coach.engine.state).toMatchObject({ at: 'locked', why: 'asked' });
    expect(coach.engine.core.spaces.size).toBe(0);
    await expect(coach.engine.unlockWithPassword('wrong')).rejects.toMatchObject({ name: 'WrongPassword' });
    practice.away = true;
    const reloaded = await sit(practice, coach);
    expect(reloaded.engine.state).toMatchObject({ at: 'locked', why: 'reload' });
    await reloaded.engine.unlockWithPassword(PASSWORD);
    expect(reloaded.engine.state).toMatchObject({ at: 'open' });
    expect(reloaded.engine.core.spaces.size).toBe(3);
    practice.away = false;
    await settle(reloaded);
    await reloaded.engine.signOut();
    await reloaded.engine.signInWithPassword(PASSWORD);
    await settle(reloaded);
    const elsewhere = await sit(practice);
    await expect(elsewhere.engine.signInWithPassword(PASSWORD)).rejects.toMatchObject({ name: 'NeedsKit' });
    await elsewhere.engine.signInWithKit(kits?.personal.words.join(' ') ?? '');
    await settle(elsewhere);
    expect(elsewhere.engine.core.clients).toHaveLength(1);
    expect(elsewhere.engine.core.alarms).toEqual([]);
    await elsewhere.engine.changePassword('another one entirely');
    await elsewhere.engine.lock();
    await elsewhere.engine.unlockWithPassword('another one entirely');
    expect(elsewhere.engine.state.at).toBe('open');
  });

  it('locks by itself after fifteen minutes without input, seals what was typed, and holds for a session', { timeout: 60_000 }, async () => {
    const practice = new FakePractice();
    const coach = await foundWith(practice);
    const notebook = space(coach, 'notebook').space;
    const draft = await coach.engine.openDraft({ space: notebook, title: 'Thoughts' });
    await coach.clock.pass(14 * 60_000);
    coach.engine.touch();
    coach.engine.hold(60);
    await coach.clock.pass(50 * 60_000);
    expect(coach.engine.state.at).toBe('open');
    draft.change({ title: 'Thoughts, unsaved' });
    await coach.clock.pass(11 * 60_000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(coach.engine.state).toMatchObject({ at: 'locked', why: 'idle' });
    const reloaded = await sit(practice, coach);
    await reloaded.engine.unlockWithPassword(PASSWORD);
    await settle(reloaded);
    expect(space(reloaded, 'notebook').notes).toMatchObject([{ title: 'Thoughts, unsaved' }]);
  });
});
