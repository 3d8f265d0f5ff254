/** Staying up to date: one whole sync at the start and after every reconnect, then what the event stream names. Alone decides when to fetch. */
import { ApiProblem, Offline, isSealed, type Me, type SpaceSeen } from '$lib/api';
import { nextEnd, removeEnded } from './access';
import { isAlarm, raise, stopsIn } from './alarms';
import { confirmJoins, fetchClients } from './clients';
import type { Core } from './core';
import { isRestoring } from './device';
import { SecondStepNeeded } from './errors';
import { catchUp } from './directory';
import { followKeyring } from './following';
import { judge } from './judging';
import { checkKept, LEFT_OUT, saveLeftOut } from './kept';
import { expectPinnedDirectory, expectPinnedRoster, isBehindPins, learnPins, observe } from './knowing';
import { clearLinks } from './linking';
import { lock } from './locking';
import { refreshOutbox } from './outbox';
import { checkAnchor } from './restore';
import type { Space } from './space';
import { readEvents, type StreamEvent } from './stream';
import { syncSpace } from './sync';

const WAIT_FIRST_MS = 1_000;
const WAIT_LONGEST_MS = 60_000;
/** After an end, by the practice's clock, too. */
const END_SLACK_MS = 1_000;
/** Timers of browsers hold no longer than some weeks. */
const WATCH_LONGEST_MS = 24 * 3_600_000;
/** Spaces that are fetched at the same time. */
const ABREAST = 4;

/** A second step or a new password is asked for first: the practice gives this session nothing else meanwhile. Screens ask for it. */
const isOwing = ({ needs_factor, password_expired }: Me): boolean => needs_factor || password_expired;

export class Live {
  readonly #core: Core;
  readonly #signedOut: () => Promise<void>;
  #abort: AbortController | null = null;
  #cancel: () => void = () => undefined;
  #cancelEnd: () => void = () => undefined;
  #wait_ms = WAIT_FIRST_MS;
  #whole: Promise<void> | null = null;

  /** `signedOut`: the practice knows this session no more. */
  constructor(core: Core, signedOut: () => Promise<void>) {
    this.#core = core;
    this.#signedOut = signedOut;
  }

  /** Keys are here: fetch, then listen. Failures are told by `connection` and alarms, and tried again. */
  start(): void {
    this.stop();
    const abort = new AbortController();
    this.#abort = abort;
    void this.#follow(abort);
  }

  stop(): void {
    this.#cancel();
    this.#cancelEnd();
    this.#abort?.abort();
    this.#abort = null;
  }

  /** Everything, now. Calls at the same time share one run. @throws what went wrong */
  sync(): Promise<void> {
    this.#whole ??= this.#syncAll().finally(() => (this.#whole = null));
    return this.#whole;
  }

  async #follow(abort: AbortController): Promise<void> {
    try {
      await this.sync();
      // What is owed starts this again once it is made good.
      if (!this.#core.ports.live || isOwing(this.#core.open().account.me)) return;
      const response = await this.#core.api.events(abort.signal);
      this.#wait_ms = WAIT_FIRST_MS;
      const began = this.#core.ports.clock.now();
      if (response.body) for await (const event of readEvents(response.body)) await this.#handle(event);
      // The practice ends the stream of a session that is over: asked at once, unless streams end as soon as they begin.
      if (this.#core.ports.clock.now() - began >= WAIT_FIRST_MS) this.#wait_ms = 0;
    } catch (error) {
      if (abort.signal.aborted) return;
      await this.#tell(error);
      if (!this.#core.isOpen) return;
    }
    if (!abort.signal.aborted) this.#later(abort);
  }

  #later(abort: AbortController): void {
    this.#cancel = this.#core.ports.clock.after(this.#wait_ms, () => void this.#follow(abort));
    this.#wait_ms = Math.min(Math.max(this.#wait_ms * 2, WAIT_FIRST_MS), WAIT_LONGEST_MS);
  }

  async #tell(error: unknown): Promise<void> {
    const core = this.#core;
    if (error instanceof ApiProblem && error.code === 'signed-out' && core.isOpen) return this.#signedOut();
    if (error instanceof SecondStepNeeded || (error instanceof ApiProblem && error.code === 'session-locked')) return lock(core, 'elsewhere');
    core.setConnection(isSealed(error) ? 'sealed' : 'offline');
    if (isAlarm(error)) raise(core, error, { space: null });
    // A reader that ends, a fetch that fails: the connection. Anything else is shown, since silence would look like "up to date".
    else if (!(error instanceof Offline || error instanceof ApiProblem || error instanceof TypeError)) raise(core, error, { space: null, stops: false, action: 'sync' });
  }

  async #handle({ event, data }: StreamEvent): Promise<void> {
    if (event === 'resync') return this.sync();
    if (event !== 'change') return;
    const change = JSON.parse(data) as { space?: string; roster?: string; removed?: string; seq?: number; account?: number };
    const id = change.space ?? change.roster;
    const space = id === undefined ? undefined : this.#core.spaces.get(id);
    if (change.account !== undefined || !space) return this.sync();
    if (change.seq !== undefined && change.seq <= space.row.cursor) return;
    await this.#syncOne(space.row);
    await this.#judge([space]);
    if (space.kind === 'notebook') await learnPins(this.#core);
    await observe(this.#core);
    this.#core.emitSpaces();
    this.#core.kickSender();
  }

  async #syncAll(): Promise<void> {
    const core = this.#core;
    if (core.resume !== null) await core.resume();
    let me = await core.api.me();
    core.setConnection('online');
    await core.note({ me, slots: me.slots });
    if (isOwing(me)) return core.enter(core.state);
    await this.#guarded(() => followKeyring(core, me.keyring_version));
    await this.#guarded(() => clearLinks(core, me));
    const { account } = core.open();
    const isMoved = me.directory.size !== account.directory.size || me.directory.head !== account.directory.head;
    if (isMoved && !isRestoring(account)) await this.#guarded(() => catchUp(core));
    await this.#syncSpaces(me.spaces);
    if (isBehindPins(core, me.anchor)) {
      me = await core.api.me();
      await core.note({ me });
    }
    await this.#guarded(() => checkAnchor(core, me));
    await this.#guarded(() => expectPinnedDirectory(core));
    // After the anchor: a restore that was signed for explains what is missing.
    await this.#judge([...core.spaces.values()]);
    await this.#guarded(() => fetchClients(core));
    await observe(core);
    core.loaded = true;
    await refreshOutbox(core);
    core.enter(core.state);
    core.emitSpaces();
    core.kickSender();
    this.#watchEnds();
  }

  /** When somebody's time is over, everything is looked at anew: what may be read changes without an entry. */
  #watchEnds(): void {
    this.#cancelEnd();
    this.#cancelEnd = () => undefined;
    const end = nextEnd(this.#core);
    if (end === null || this.#abort === null) return;
    const wait_ms = Math.min(end - this.#core.ports.clock.now() + END_SLACK_MS, WATCH_LONGEST_MS);
    this.#cancelEnd = this.#core.ports.clock.after(wait_ms, () => void this.sync().catch((error: unknown) => this.#tell(error)));
  }

  /** An alarm of the whole practice is raised, and reading goes on. */
  async #guarded(task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      if (!isAlarm(error)) throw error;
      raise(this.#core, error, { space: null });
    }
  }

  async #judge(spaces: readonly Space[]): Promise<void> {
    for (const space of spaces) await this.#guarded(() => judge(this.#core, space));
  }

  /** What the person's other devices know, before any other space is believed; it counts for the notebook, too. */
  async #learn(): Promise<void> {
    const core = this.#core;
    await learnPins(core);
    for (const space of core.spaces.values()) {
      try {
        if (space.kind === 'notebook') expectPinnedRoster(core, space);
      } catch (error) {
        raise(core, error, { space: space.id });
      }
    }
  }

  async #syncSpaces(seen: readonly SpaceSeen[]): Promise<void> {
    const core = this.#core;
    for (const id of core.spaces.keys()) if (!seen.some(({ space }) => space === id)) core.spaces.delete(id);
    // The notebook first: it holds the key of what waits on this device.
    const order = [...seen].sort((a, b) => Number(b.kind === 'notebook') - Number(a.kind === 'notebook'));
    const [first, ...others] = order;
    if (first) await this.#syncOne(first);
    // Before any other space is believed.
    await this.#learn();
    // Then the team: it says whose spaces colleagues may share.
    const rest = others.filter(({ kind }) => kind !== 'team');
    for (const team of others.filter(({ kind }) => kind === 'team')) await this.#syncOne(team);
    const lane = async () => {
      for (let next = rest.shift(); next; next = rest.shift()) await this.#syncOne(next);
    };
    await Promise.all(Array.from({ length: ABREAST }, lane));
  }

  /** A space that has moved; afterwards what this device owes it: confirming a join, saving again what a close left out. */
  async #syncOne(seen: Pick<SpaceSeen, 'space' | 'kind' | 'client'> & Partial<SpaceSeen>): Promise<void> {
    const core = this.#core;
    const known = core.spaces.get(seen.space);
    const isPinned = (known?.roster.size ?? 0) >= (core.pins.rosters[seen.space]?.size ?? 0);
    const isCurrent = isPinned && known?.row.cursor === seen.changes_head && known?.roster.size === seen.roster_size && known?.keys.has(known.roster.epoch);
    if (!isCurrent || known?.row.members.length === 0) await syncSpace(core, seen);
    const space = core.spaces.get(seen.space);
    if (!space) return;
    try {
      // First what this device owes its own words, also where just that is the alarm.
      if (stopsIn(core, space.id).every(({ code }) => code === LEFT_OUT)) await saveLeftOut(core, space);
      checkKept(core, space);
      if (space.alarm !== null) return;
      const isChanged = [await confirmJoins(core, space), await removeEnded(core, space)].includes(true);
      if (isChanged) await fetchClients(core);
    } catch (error) {
      if (error instanceof Offline) throw error;
      raise(core, error, { space: space.id, stops: isAlarm(error) });
    }
  }
}

