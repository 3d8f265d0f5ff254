import { describe, expect, it } from 'vitest';
import { FakePractice } from './fake-practice';
import { foundWith, PASSWORD } from './world';

describe('proving again', { timeout: 60_000 }, () => {
  it('lets an act through that was refused, while everything stays open', async () => {
    const practice = new FakePractice();
    const { engine } = await foundWith(practice);
    practice.wantsProof = true;
    const slots = engine.me?.slots.length;
    await expect(engine.changePassword('seven grey herons wait')).rejects.toMatchObject({ code: 'proof-too-old' });
    expect(engine.me?.slots).toHaveLength(slots ?? 0);
    await expect(engine.prove({ kind: 'password', password: 'not this one' })).rejects.toMatchObject({ name: 'WrongPassword' });
    expect(engine.state).toMatchObject({ at: 'open' });
    await engine.prove({ kind: 'password', password: PASSWORD });
    await engine.changePassword('seven grey herons wait');
    practice.proved.clear();
    await expect(engine.prove({ kind: 'password', password: PASSWORD })).rejects.toMatchObject({ name: 'WrongPassword' });
    await engine.prove({ kind: 'password', password: 'seven grey herons wait' });
    expect(engine.state).toMatchObject({ at: 'open' });
  });

  it('is asked for before a passkey is made, not after', async () => {
    const { engine, clock } = await foundWith(new FakePractice());
    // A passkey cannot be made here at all: it got as far as the ceremony.
    engine.core.api.makePasskey = () => Promise.reject(new Error('the ceremony'));
    await expect(engine.addPasskey()).rejects.toThrow('the ceremony');
    await clock.pass(14 * 60_000);
    await expect(engine.addPasskey()).rejects.toMatchObject({ name: 'ProofNeeded' });
    await engine.prove({ kind: 'password', password: PASSWORD });
    await expect(engine.addPasskey()).rejects.toThrow('the ceremony');
  });
});
