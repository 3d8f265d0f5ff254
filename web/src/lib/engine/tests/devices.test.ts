/** One's devices: as the practice lists them, found by the sign-in that is told, and what a device does that was signed out. */
import { describe, expect, it } from 'vitest';
import { ApiProblem } from '$lib/api';
import type { Core } from '../core';
import { devicesOf } from '../devices';
import type { ActView } from '../types';
import { FakePractice, problem } from './fake-practice';
import { foundWith, PASSWORD, settle } from './world';

const listed = [
  { device: 'dev_1', label: 'Firefox on Linux', name: null, first_seen_at: '2026-11-20T08:00:00Z', last_seen_at: '2026-11-24T10:00:00Z', network: '192.0.2.0/24', sessions: 1, here: true },
  { device: 'dev_2', label: 'Safari on iPhone', name: 'My phone', first_seen_at: '2026-11-24T09:00:00.123Z', last_seen_at: '2026-11-24T09:30:00Z', network: null, sessions: 0, here: false },
];
const signIn = (at: string): ActView => ({ n: 7, at, code: 'session.opened', part: 'own', by: 'visitor', name: null, network: null, device: 'Safari on iPhone', facts: [] });

function face() {
  const asked: unknown[][] = [];
  const note = (...call: unknown[]) => Promise.resolve(void asked.push(call));
  const api = {
    devices: () => Promise.resolve({ devices: listed }),
    nameDevice: (device: string, name: string | null) => note('name', device, name),
    removeDevice: (device: string) => note('remove', device),
    endOtherSessions: () => note('others'),
    anomalies: (before: number | null) => Promise.resolve({ anomalies: [{ n: 9, at: '', code: 'anomaly.spraying', network: null, people: [], facts: [] }], next: before }),
  };
  return { devices: devicesOf({ api } as unknown as Core), asked };
}

describe('devices', () => {
  it('are called what their person calls them, else what they call themselves', async () => {
    const seen = await face().devices.list();
    expect(seen.map(({ name, label, named, here }) => [name, label, named, here])).toEqual([
      ['Firefox on Linux', 'Firefox on Linux', false, true],
      ['My phone', 'Safari on iPhone', true, false],
    ]);
  });

  it('are found by the sign-in on them, however its instant is written, or are gone', async () => {
    const { devices } = face();
    expect((await devices.ofSignIn(signIn('2026-11-24T09:00:00.123000Z')))?.device).toBe('dev_2');
    expect(await devices.ofSignIn(signIn('2026-11-24T09:00:00.124Z'))).toBeNull();
  });

  it('are named, signed out one by one and together; no name is none', async () => {
    const { devices, asked } = face();
    await devices.rename('dev_2', '  Old phone ');
    await devices.rename('dev_2', '   ');
    await devices.signOut('dev_2');
    await devices.signOutOthers();
    expect(asked).toEqual([['name', 'dev_2', 'Old phone'], ['name', 'dev_2', null], ['remove', 'dev_2'], ['others']]);
    expect(await devices.unusual(4)).toMatchObject({ unusual: [{ code: 'anomaly.spraying' }], next: 4 });
  });
});

describe('a device that was signed out', { timeout: 60_000 }, () => {
  it('puts its keys away and stands at the sign-in, knows its person still, and comes in anew', async () => {
    const practice = new FakePractice();
    const seat = await foundWith(practice);
    const { engine } = seat;
    const api = engine.core.api as { me: () => Promise<unknown> };
    const { me } = api;
    api.me = () => Promise.reject(problem(401, 'signed-out') as ApiProblem);
    engine.wake();
    await expect.poll(() => engine.state.at).toBe('signed-out');
    expect(engine.core.keyring).toBeNull();
    expect(engine.state).toMatchObject({ remembered: [{ name: 'Maya', can: { password: true } }] });
    api.me = me;
    await engine.signInWithPassword(PASSWORD);
    await settle(seat);
    expect(engine.state.at).toBe('open');
  });

  it('keeps the lock where the session is only locked', async () => {
    const practice = new FakePractice();
    const { engine } = await foundWith(practice);
    (engine.core.api as { me: () => Promise<unknown> }).me = () => Promise.reject(problem(403, 'session-locked') as ApiProblem);
    engine.wake();
    await expect.poll(() => engine.state.at).toBe('locked');
  });
});
