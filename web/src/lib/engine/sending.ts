/**
 * Sends the outbox: one window at a time, in the order of writing, again until the practice has answered. While locked it sends what is sealed
 * already; what must be sealed anew waits for the keys.
 */
import { ApiProblem, Offline, isSealed, type RecordHead } from '$lib/api';
import { b64u } from '$lib/crypto';
import { isAlarm } from './alarms';
import type { Core } from './core';
import { merge } from './merging';
import { entriesOf, entryGone, entryOf, entryPut, openEntryDraft, refreshOutbox, sealEntryDraft, type StoredEntry } from './outbox';
import { recordKey, syncSpace } from './sync';
import { troubleOf } from './trouble';
import { numberOf, sealFor } from './writing';

const WAIT_FIRST_MS = 2_000;
const WAIT_LONGEST_MS = 120_000;

/** Codes after which the same bytes may be sent again later, by themselves. */
const LATER = new Set(['too-many-attempts', 'disk-full', 'disk-failing', 'sealed', 'unavailable', 'busy']);
/** Codes that end with something a person does: unlocking, signing in, a second step, a new password, proving kits, confirming a restore. */
const HELD = new Set(['signed-out', 'session-locked', 'factor-needed', 'password-expired', 'kits-unproved', 'restore-unsigned']);

/** Codes after which the practice has not taken these bytes, nor will: it looks for them first. */
const DEFINITE = new Set(['head-moved', 'epoch-closed']);

type Outcome = 'sent' | 'later' | 'held' | 'moved' | 'refused';

export class Sender {
  readonly #core: Core;
  #running: Promise<void> | null = null;
  #again = false;
  #wait_ms = WAIT_FIRST_MS;
  #cancel: () => void = () => undefined;

  constructor(core: Core) {
    this.#core = core;
  }

  /** Sends soon. Harmless at any time. */
  kick(): void {
    this.#cancel();
    if (this.#running) this.#again = true;
    else void this.run();
  }

  stop(): void {
    this.#cancel();
  }

  /** Sends until nothing is left that can go; calls at the same time share one run. */
  run(): Promise<void> {
    this.#running ??= this.#passes().finally(() => {
      this.#running = null;
      // Asked for between the last look and this moment.
      if (this.#again) this.kick();
    });
    return this.#running;
  }

  async #passes(): Promise<void> {
    do {
      this.#again = false;
      const { account, ports } = this.#core;
      if (account === null) return;
      const isLater = await ports.locks.alone(`alcove-send-${account.person}`, () => this.#pass()).catch((error: unknown) => {
        // Signed out in the middle: what is left goes once they are back.
        if (this.#core.account !== null) throw error;
        return null;
      });
      if (isLater === true) this.#retryLater();
      else this.#wait_ms = WAIT_FIRST_MS;
    } while (this.#again);
  }

  #retryLater(): void {
    this.#cancel = this.#core.ports.clock.after(this.#wait_ms, () => this.kick());
    this.#wait_ms = Math.min(this.#wait_ms * 2, WAIT_LONGEST_MS);
  }

  /** One walk through the outbox. True where something waits for a better moment. */
  async #pass(): Promise<boolean> {
    const core = this.#core;
    const blocked = new Set<string>();
    for (const { entry } of await entriesOf(core)) {
      if (core.account === null) return false;
      const stored = await entryOf(core, entry);
      if (!stored) continue;
      const { record } = stored.write;
      if (stored.state !== 'waiting' || blocked.has(record)) {
        blocked.add(record);
        continue;
      }
      const outcome = await this.#send(stored);
      if (outcome === 'later' || outcome === 'held') return outcome === 'later';
      if (outcome !== 'sent') blocked.add(record);
    }
    return false;
  }

  async #send(stored: StoredEntry): Promise<Outcome> {
    const core = this.#core;
    await refreshOutbox(core, stored.entry);
    const out = await this.#markOut(stored);
    const outcome = out === null ? 'moved' : await this.#post(out, stored.isOut);
    await refreshOutbox(core);
    core.emitSpaces();
    return outcome;
  }

  /** Before it goes: from now on its number may be taken. Null where the person has replaced it meanwhile. */
  async #markOut(stored: StoredEntry): Promise<StoredEntry | null> {
    const core = this.#core;
    return core.ports.locks.inTurn(`alcove-write-${core.account?.person ?? ''}`, async () => {
      const now = await entryOf(core, stored.entry);
      if (now?.sealing !== stored.sealing) return null;
      const out = { ...now, isOut: true };
      if (!now.isOut) await core.ports.store.write(entryPut(core, out));
      return out;
    });
  }

  async #post(stored: StoredEntry, wasOut: boolean): Promise<Outcome> {
    const core = this.#core;
    const person = core.account?.person;
    // Signed out meanwhile: the entry stays as it is, and goes again once they are back.
    const isGone = () => core.account?.person !== person;
    try {
      const head = await core.api.writeRecord(stored.space, { ...stored.write, body: b64u(stored.bytes) }, `${stored.entry}.${stored.sealing}`);
      if (isGone()) return 'held';
      core.setConnection('online');
      await this.#accepted(stored, head);
      return 'sent';
    } catch (error) {
      return isGone() ? 'held' : this.#notAccepted(stored, error, wasOut);
    }
  }

  /** The revision moves from the outbox to the local copy in one step. */
  async #accepted(stored: StoredEntry, head: RecordHead): Promise<void> {
    const core = this.#core;
    // What was sent is known here; of the answer only its place counts.
    const row = { head: { ...head, ...stored.write, hash: stored.hash, body: null } as RecordHead, bytes: stored.bytes };
    const { record, rev } = stored.write;
    const now = await entryOf(core, stored.entry);
    // What replaced it meanwhile stays, and follows it.
    const gone = now?.sealing === stored.sealing ? [entryGone(core, stored.entry)] : [];
    await core.ports.store.write(...gone, ['records', recordKey(core, stored.space, record, rev), row]);
    await core.spaces.get(stored.space)?.take(row).catch((error: unknown) => {
      // An epoch that was closed meanwhile: kept.ts saves it again.
      if (!isAlarm(error)) throw error;
    });
  }

  async #notAccepted(sent: StoredEntry, error: unknown, wasOut: boolean): Promise<Outcome> {
    const core = this.#core;
    // Signed out meanwhile: the entry waits as it is, and the same key answers for what arrived.
    if (core.account === null) return 'held';
    if (error instanceof Offline) {
      core.setConnection('offline');
      return 'later';
    }
    if (isSealed(error)) core.setConnection('sealed');
    const code = error instanceof ApiProblem ? error.code : 'unexpected';
    const isDefinite = DEFINITE.has(code);
    // A refusal says that this request took nothing; only a definite one says so of the requests before it.
    const isRefused = error instanceof ApiProblem && error.status < 500;
    const stored = { ...sent, isOut: !isDefinite && (wasOut || !isRefused) };
    if (LATER.has(code) || (error instanceof ApiProblem && error.status >= 500)) return this.#tried(stored, error, 'later');
    if (HELD.has(code)) return this.#tried(stored, error, 'held');
    if (isDefinite) return this.#sealAgain(stored, error);
    await this.#refuse(stored, error);
    return 'refused';
  }

  async #tried(stored: StoredEntry, error: unknown, outcome: Outcome): Promise<Outcome> {
    await this.#replace(stored, { tries: stored.tries + 1, refusal: troubleOf(error) });
    return outcome;
  }

  async #refuse(stored: StoredEntry, error: unknown): Promise<void> {
    await this.#replace(stored, { state: 'refused', tries: stored.tries + 1, refusal: troubleOf(error) });
  }

  /** Stores the entry anew, unless the person has replaced it meanwhile. */
  async #replace(stored: StoredEntry, change: Partial<StoredEntry>): Promise<void> {
    const now = await entryOf(this.#core, stored.entry);
    if (now?.sealing === stored.sealing) await this.#core.ports.store.write(entryPut(this.#core, { ...stored, ...change }));
  }

  /** Somebody was faster, or the key was replaced: fetch, merge, seal anew. Needs the keys. */
  async #sealAgain(stored: StoredEntry, error: unknown): Promise<Outcome> {
    const core = this.#core;
    if (!core.isOpen) return this.#tried(stored, error, 'held');
    const space = core.spaces.get(stored.space);
    if (!space) return this.#tried(stored, error, 'held');
    try {
      await syncSpace(core, space.row);
      return await this.#mergeAndSeal(stored, error);
    } catch (again) {
      if (again instanceof Offline) return 'later';
      await this.#refuse(stored, again);
      return 'refused';
    }
  }

  async #mergeAndSeal(stored: StoredEntry, error: unknown): Promise<Outcome> {
    const core = this.#core;
    const { record } = stored.write;
    const space = core.spaces.get(stored.space);
    const newest = space?.newest(record) ?? null;
    if (!space) return 'held';
    // Our own bytes already stand there: the answer was lost, not the record.
    if (newest?.opened.hash === stored.hash) {
      await core.ports.store.write(entryGone(core, stored.entry));
      return 'sent';
    }
    if (stored.tries > 8) return this.#refuse(stored, error).then(() => 'refused' as const);
    const draft = await openEntryDraft(core, stored);
    const merged = newest === null || newest.opened.hash === stored.write.prev ? { content: draft.content } : merge(draft.base, draft.content, newest.content);
    if (merged === 'conflict') {
      await this.#replace(stored, { state: 'conflict', refusal: troubleOf(error) });
      return 'refused';
    }
    await core.ports.locks.inTurn(`alcove-write-${core.open().account.person}`, async () => {
      const before = stored.write.prev === null ? null : { rev: stored.write.rev - 1, hash: stored.write.prev };
      const after = newest === null ? before : { rev: newest.head.rev, hash: newest.opened.hash };
      const sealed = await sealFor(core, space, record, merged.content, { after, number: numberOf(stored) });
      const renewed = await sealEntryDraft(core, { content: merged.content, base: newest?.content ?? null });
      await this.#replace(stored, { ...sealed, draft: renewed, sealing: stored.sealing + 1, tries: stored.tries + 1, refusal: null });
    });
    this.#again = true;
    return 'moved';
  }
}
