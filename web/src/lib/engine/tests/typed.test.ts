/** What is being written when the keys go: sealed on the device, out of memory, and back in its place afterwards. */
import { describe, expect, it } from 'vitest';
import type { LocalStore, Put } from '../ports';
import { MemoryStore } from '../store/memory';
import { FakePractice } from './fake-practice';
import { foundWith, HandClock, PASSWORD, settle, sit, type Seat } from './world';

const DOC = { type: 'doc', content: [{ type: 'paragraph', content: [{ type: 'text', text: 'Half a thought' }] }] };
const textOf = (value: unknown) => JSON.stringify(value);

/** Everything that the device keeps, as text: what is not sealed would be found in it. */
async function onDevice({ store }: Pick<Seat, 'store'>): Promise<string> {
  const rows = await Promise.all((['device', 'spaces', 'records', 'outbox', 'drafts', 'transfers'] as const).map((table) => store.list<unknown>(table, '')));
  return JSON.stringify(rows, (_, value: unknown) => (value instanceof Uint8Array ? new TextDecoder('latin1').decode(value) : value));
}

async function typing() {
  const practice = new FakePractice();
  const coach = await foundWith(practice);
  const { client } = await coach.engine.addClient({ name: 'Ana' });
  const { own, shared } = coach.engine.core.clients.find((found) => found.client === client) ?? { own: '', shared: '' };
  const draft = await coach.engine.openDraft({ space: own, title: 'Seventh' });
  draft.change({ doc: DOC });
  coach.engine.keepTyped(`message/${shared}`, { text: 'Half a sentence' });
  return { practice, coach, draft, own, place: `message/${shared}` };
}

describe('what is typed', { timeout: 60_000 }, () => {
  it('is sealed at the lock, leaves memory, and is back after unlocking', async () => {
    const { coach, draft, own, place } = await typing();
    await coach.engine.lock();
    expect(coach.engine.typed(place)).toBeNull();
    expect(textOf(draft.body)).not.toMatch(/Half|Seventh/);
    expect(await onDevice(coach)).not.toMatch(/Half|Seventh/);
    expect((await coach.store.list('drafts', '')).length).toBe(2);

    await coach.engine.unlockWithPassword(PASSWORD);
    expect(coach.engine.typed(place)).toEqual({ text: 'Half a sentence' });
    const again = await coach.engine.openDraft({ space: own, record: draft.record });
    expect(again.body).toMatchObject({ title: 'Seventh', doc: DOC });
  });

  it('is kept when the idle clock locks, and when the window is loaded anew', async () => {
    const { practice, coach, place } = await typing();
    await coach.clock.pass(15 * 60_000);
    await until(() => coach.engine.state.at === 'locked');
    expect(coach.engine.state).toMatchObject({ at: 'locked', why: 'idle' });
    expect(coach.engine.typed(place)).toBeNull();
    const reloaded = await sit(practice, coach);
    expect(reloaded.engine.typed(place)).toBeNull();
    await reloaded.engine.unlockWithPassword(PASSWORD);
    expect(reloaded.engine.typed(place)).toEqual({ text: 'Half a sentence' });
  });

  it('is kept when the practice has ended the session', async () => {
    const { coach, draft, own, place } = await typing();
    await coach.engine.core.api.signOut();
    coach.engine.wake();
    await until(() => coach.engine.state.at === 'signed-out');
    expect(coach.engine.typed(place)).toBeNull();
    expect(textOf(draft.body)).not.toContain('Half');
    await coach.engine.signInWithPassword(PASSWORD);
    expect(coach.engine.typed(place)).toEqual({ text: 'Half a sentence' });
    expect(textOf((await coach.engine.openDraft({ space: own, record: draft.record })).body)).toContain('Half a thought');
  });

  it('is kept when the person signs out, and when another window does', async () => {
    const { coach, place } = await typing();
    const person = coach.engine.me?.person;
    await coach.engine.signOut({ force: true });
    expect(coach.engine.typed(place)).toBeNull();
    await coach.engine.signInWithPassword(PASSWORD, person);
    expect(coach.engine.typed(place)).toEqual({ text: 'Half a sentence' });
    await coach.engine.forgetDevice(person ?? '');
    expect(await coach.store.list('drafts', '')).toEqual([]);
  });

  it('is forgotten once it was used', async () => {
    const { coach, place } = await typing();
    await coach.engine.flush();
    coach.engine.keepTyped(place, null);
    await coach.clock.pass(1_000);
    await coach.engine.flush();
    expect((await coach.store.list('drafts', '')).map(([key]) => key).filter((key) => key.includes('typed/'))).toEqual([]);
  });

  it('goes into the outbox when it was sent a moment before the lock', async () => {
    const { coach, place } = await typing();
    const sent = coach.engine.sendMessage(place.slice('message/'.length), 'Sent in time', null);
    await coach.engine.lock();
    await sent;
    await coach.engine.unlockWithPassword(PASSWORD);
    await settle(coach);
    const messages = [...coach.engine.core.spaces.values()].flatMap((space) => space.view(coach.engine.core).messages);
    expect(messages).toMatchObject([{ text: 'Sent in time' }]);
  });

  it('outlives a full disk: sealed in memory until the device takes it', async () => {
    const store = new FullStore();
    const practice = new FakePractice();
    const seat = await sit(practice, { store, clock: new HandClock() });
    await seat.engine.found({ practice: 'P', zone: 'UTC', name: 'Maya', email: null, ownerZone: 'UTC', unlock: { kind: 'password', password: PASSWORD } });
    await seat.engine.sync();
    const notebook = seat.engine.core.notebook().id;
    store.isFull = true;
    const draft = await seat.engine.openDraft({ space: notebook });
    draft.change({ doc: DOC });
    seat.engine.keepTyped('client-add', { name: 'Half a name' });
    await seat.engine.flush();
    expect(draft.saved).toMatchObject({ state: 'typing', trouble: { code: 'unexpected' } });
    await seat.engine.lock();
    await seat.engine.unlockWithPassword(PASSWORD);
    expect(seat.engine.typed('client-add')).toEqual({ name: 'Half a name' });
    expect(textOf((await seat.engine.openDraft({ space: notebook, record: draft.record })).body)).toContain('Half a thought');
    store.isFull = false;
    seat.engine.keepTyped('client-add', { name: 'Half a name, and more' });
    await seat.engine.flush();
    expect((await store.list('drafts', '')).map(([key]) => key)).toContainEqual(expect.stringContaining('typed/client-add'));
  });
});

/** A device whose storage takes no more drafts. */
class FullStore extends MemoryStore implements LocalStore {
  isFull = false;
  override async write(...changes: readonly Put[]): Promise<void> {
    if (this.isFull && changes.some(([table, , value]) => table === 'drafts' && value !== null)) throw new DOMException('Full', 'QuotaExceededError');
    await super.write(...changes);
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 400 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(holds()).toBe(true);
}
