/** People with engines of their own against one fake practice. Time stands still until a test moves it. */
import { derivePasswordSlot } from '$lib/crypto';
import { openEngine, type AlcoveEngine } from '../engine';
import { memoryLocks, noNeighbours, nodePorts } from '../node/ports';
import type { Clock, LocalStore, Ports } from '../ports';
import { MemoryStore } from '../store/memory';
import { NotHere } from '../errors';
import type { SpaceView } from '../types';
import type { FakePractice } from './fake-practice';

export class HandClock implements Clock {
  #now: number;
  #timers: { at: number; call: () => void }[] = [];
  constructor(start = Date.parse('2026-11-24T09:00:00Z')) {
    this.#now = start;
  }
  now(): number {
    return this.#now;
  }
  after(ms: number, call: () => void): () => void {
    const timer = { at: this.#now + ms, call };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((known) => known !== timer);
    };
  }
  /** Moves time and rings what is due, in order. */
  async pass(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((known) => known !== next);
      this.#now = Math.max(this.#now, next.at);
      next.call();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    this.#now = until;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export interface Seat {
  readonly engine: AlcoveEngine;
  readonly store: LocalStore;
  readonly clock: HandClock;
}

/** An engine on a device of its own, or again on a device that was used before. */
export async function sit(practice: FakePractice, before?: Pick<Seat, 'store' | 'clock'>): Promise<Seat> {
  const store = before?.store ?? new MemoryStore();
  const clock = before?.clock ?? new HandClock();
  const ports: Ports = { ...nodePorts({ origin: 'https://practice.test' }), store, clock, stretch: derivePasswordSlot, locks: memoryLocks(), neighbours: noNeighbours };
  const engine = await openEngine(ports, practice.device());
  return { engine, store, clock };
}

/** Lets everything that was started come to rest. */
export async function settle({ engine }: Pick<Seat, 'engine'>): Promise<void> {
  await engine.sync();
  for (let i = 0; i < 3; i++) {
    await engine.settle();
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

export const PASSWORD = 'correct horse battery';

export async function foundWith(practice: FakePractice): Promise<Seat> {
  const seat = await sit(practice);
  await seat.engine.found({ practice: 'P', zone: 'UTC', name: 'Maya', email: null, ownerZone: 'UTC', unlock: { kind: 'password', password: PASSWORD } });
  practice.devices.set(seat.engine.core.open().account.person, seat.engine.core.open().account.device);
  await settle(seat);
  return seat;
}

/** A client who has joined; their engine and their client id. */
export async function joinedClient(practice: FakePractice, coach: Seat): Promise<Seat & { client: string }> {
  const { client } = await coach.engine.addClient({ name: 'Ana' });
  const { link } = await coach.engine.invite(client, { message: 'Welcome' });
  const seat = await sit(practice);
  await seat.engine.readInvite(link);
  await seat.engine.join({ name: 'Ana', zone: 'UTC', unlock: { kind: 'password', password: PASSWORD } });
  practice.devices.set(seat.engine.core.open().account.person, seat.engine.core.open().account.device);
  await settle(seat);
  await settle(coach);
  await settle(seat);
  return { ...seat, client };
}

/** A colleague who has joined and is confirmed, and the line of their kit. */
export async function joinedColleague(practice: FakePractice, by: Seat, name: string, role: 'practitioner' | 'owner' = 'practitioner'): Promise<Seat & { kit: string }> {
  const { link } = await by.engine.inviteColleague({ name, role });
  const seat = await sit(practice);
  await seat.engine.readInvite(link);
  const { kit } = await seat.engine.join({ name, zone: 'UTC', unlock: { kind: 'password', password: PASSWORD } });
  const { person, device } = seat.engine.core.open().account;
  practice.devices.set(person, device);
  for (const each of [seat, by, seat]) await settle(each);
  return { ...seat, kit: kit.line };
}

/** A browser that knows nothing yet, signed in with the kit of the first one. */
export async function onNewBrowser(practice: FakePractice, coach: Seat): Promise<Seat> {
  const kits = await coach.engine.unprovedKits();
  const other = await sit(practice);
  await other.engine.signInWithKit(kits?.personal.line ?? '');
  await settle(other);
  return other;
}

/** A person's space of a kind, as a screen sees it. */
export function space({ engine }: Pick<Seat, 'engine'>, kind: SpaceView['kind']): SpaceView {
  const found = [...engine.core.spaces.values()].find((candidate) => candidate.kind === kind);
  if (!found) throw new NotHere();
  return found.view(engine.core);
}
