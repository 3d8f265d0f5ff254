import { describe, expect, it, vi } from 'vitest';
import { FakePractice } from './fake-practice';
import { foundWith, PASSWORD } from './world';

describe('the name of a way to unlock', { timeout: 60_000 }, () => {
  it('is changed in the sealed keyring: the practice learns nothing of it, and it outlasts a lock', async () => {
    const { engine } = await foundWith(new FakePractice());
    const slot = engine.me?.slots[0]?.slot ?? '';
    const sent = vi.spyOn(engine.core.api, 'changeKeyring');
    const told = vi.fn();
    engine.on('session', told);
    await engine.renameSlot(slot, 'MacBook in the kitchen');
    expect(engine.me?.slots[0]?.label).toBe('MacBook in the kitchen');
    expect(told).toHaveBeenCalled();
    expect(sent).toHaveBeenCalledOnce();
    expect(sent.mock.calls[0]?.[0]).toMatchObject({ add: [], remove: [] });
    expect(JSON.stringify([sent.mock.calls, engine.core.account?.slots])).not.toContain('MacBook');
    await engine.lock();
    expect(JSON.stringify(engine.me)).not.toContain('MacBook');
    await engine.unlockWithPassword(PASSWORD);
    expect(engine.me?.slots[0]?.label).toBe('MacBook in the kitchen');
  });
});
