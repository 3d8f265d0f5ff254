import { describe, expect, it } from 'vitest';
import { FakePractice } from './fake-practice';
import { foundWith, onNewBrowser, PASSWORD, settle, sit } from './world';

const good = { kind: 'totp', code: '123 456' } as const;
const bad = { kind: 'totp', code: '654321' } as const;

describe('the second step', { timeout: 60_000 }, () => {
  it('stands between the password and the keys; a wrong code may be followed by a right one', async () => {
    const practice = new FakePractice();
    const { engine } = await foundWith(practice);
    await engine.signOut();
    practice.secondCode = '123456';
    expect(await engine.signInWithPassword(PASSWORD)).toMatchObject({ methods: ['totp', 'recovery'] });
    expect(engine.state).toMatchObject({ at: 'signed-out' });
    expect(engine.core.keyring).toBeNull();
    await expect(engine.giveSecondStep(bad)).rejects.toMatchObject({ code: 'second-factor-failed', facts: { tries_left: 4 } });
    await engine.giveSecondStep(good);
    expect(engine.state).toMatchObject({ at: 'open' });
    expect(engine.core.keyring).not.toBeNull();
  });

  it('is over after its tries, and when the person goes back', async () => {
    const practice = new FakePractice();
    const { engine } = await foundWith(practice);
    await engine.signOut();
    practice.secondCode = '123456';
    await engine.signInWithPassword(PASSWORD);
    for (let left = 4; left >= 0; left -= 1) await expect(engine.giveSecondStep(bad)).rejects.toMatchObject({ facts: { tries_left: left } });
    await expect(engine.giveSecondStep(good)).rejects.toMatchObject({ name: 'NoSecondStep' });
    await engine.signInWithPassword(PASSWORD);
    engine.dropSecondStep();
    await expect(engine.giveSecondStep(good)).rejects.toMatchObject({ name: 'NoSecondStep' });
    expect(engine.state).toMatchObject({ at: 'signed-out' });
  });

  it('is asked at the lock when the session has ended, and what was sealed is there afterwards', async () => {
    const practice = new FakePractice();
    const seat = await foundWith(practice);
    await seat.engine.addClient({ name: 'Ana' });
    await settle(seat);
    const again = await sit(practice, seat);
    practice.secondCode = '123456';
    expect(await again.engine.unlockWithPassword(PASSWORD)).toMatchObject({ methods: ['totp', 'recovery'] });
    expect(again.engine.state).toMatchObject({ at: 'locked' });
    expect(again.engine.core.keyring).toBeNull();
    await again.engine.giveSecondStep(good);
    expect(again.engine.state).toMatchObject({ at: 'open' });
    await settle(again);
    expect(again.engine.core.clients).toHaveLength(1);
  });

  it('goes beside a fresh proof where the practice wants it', async () => {
    const practice = new FakePractice();
    const { engine } = await foundWith(practice);
    practice.secondCode = '123456';
    const unlock = { kind: 'password', password: PASSWORD } as const;
    await expect(engine.prove(unlock)).rejects.toMatchObject({ code: 'second-factor-wanted' });
    await expect(engine.prove(unlock, { totp: '654321' })).rejects.toMatchObject({ code: 'second-factor-failed' });
    await engine.prove(unlock, { totp: '123456' });
  });

  it('is asked to unlock a session that proved one thing only', async () => {
    const practice = new FakePractice();
    const seat = await foundWith(practice);
    const { engine } = seat;
    await engine.addClient({ name: 'Ana' });
    await settle(seat);
    [practice.secondCode, practice.isSingle] = ['123456', true];
    await engine.lock();
    expect(await engine.unlockWithPassword(PASSWORD)).toEqual({ methods: ['totp', 'recovery'] });
    expect(engine.state).toMatchObject({ at: 'locked' });
    expect(engine.core.keyring).toBeNull();
    await expect(engine.giveSecondStep(bad)).rejects.toMatchObject({ code: 'second-factor-failed' });
    expect(engine.core.keyring).toBeNull();
    await engine.giveSecondStep(good);
    expect(engine.state).toMatchObject({ at: 'open' });
    await settle(seat);
    expect(engine.core.clients).toHaveLength(1);
  });

  it('is asked of a new device whose link proves one thing only', async () => {
    const practice = new FakePractice();
    const old = await foundWith(practice);
    const { link } = await old.engine.makeLink();
    practice.secondCode = '123456';
    const phone = await sit(practice);
    expect(await phone.engine.signInWithLink(link)).toEqual({ methods: ['totp', 'recovery'] });
    expect(phone.engine.state).toMatchObject({ at: 'signed-out' });
    await phone.engine.giveSecondStep(good);
    expect(phone.engine.state).toMatchObject({ at: 'open', person: old.engine.me?.person });
  });

  it('that is missing keeps everything else back, and says so', async () => {
    const practice = new FakePractice();
    const seat = await foundWith(practice);
    practice.needsFactor = true;
    const other = await onNewBrowser(practice, seat);
    expect(other.engine.me?.needsFactor).toBe(true);
    expect(other.engine.core.loaded).toBe(false);
    practice.needsFactor = false;
    await settle(other);
    expect(other.engine.me?.needsFactor).toBe(false);
    expect(other.engine.core.loaded).toBe(true);
  });
});
