/** The one face of the engine: every call of {@link Engine}, handed to the part that knows it. Holds the timers and listeners; decides nothing else. */
import { Api } from '$lib/api';
import { addToSpace, handOver } from './access';
import { currentMe, CURRENT } from './admitting';
import * as clients from './clients';
import { Core } from './core';
import * as colleagues from './team';
import { accountOf, accountsOf, remembered } from './device';
import { collectDrafts, openDraft, type NoteDraft } from './drafts';
import { exportMine } from './export';
import { facesOf } from './faces';
import { Transfers } from './files/transfers';
import { found } from './founding';
import { IdleLock, type IdleState } from './idle';
import * as factors from './factors';
import * as items from './items';
import { acknowledge } from './judging';
import { join, readInvite, type ReadInvite } from './joining';
import * as kits from './kits';
import * as linking from './linking';
import { Live } from './live';
import { savePins } from './knowing';
import * as locking from './locking';
import { refreshOutbox } from './outbox';
import * as ownKeys from './own-keys';
import type { NeighbourMessage, Ports } from './ports';
import * as practice from './practice';
import { signRestore } from './restore';
import { SecondStep, type Pending } from './second';
import { Sender } from './sending';
import * as signingIn from './signing-in';
import { syncSpace } from './sync';
import type {
  Activity, BackupView, Devices, Draft, Engine, EngineEvents, FactorsView, FileTroubleView, Kits, MeView, NoteView, PasskeyOffer, People, PracticeRecovery, PracticeView, Reviews, SecondStepView, SecondTyped, SessionState, Transfer, TypedFields, Unlock,
} from './types';
import { spaceOf } from './writing';
import { noteHistory } from './history';

/** Opens the engine: reads what the device remembers. Asks nobody anything yet. */
export async function openEngine(ports: Ports, api: Api): Promise<AlcoveEngine> {
  const engine = new AlcoveEngine(ports, api);
  await engine.begin();
  return engine;
}

export class AlcoveEngine implements Engine {
  readonly core: Core;
  readonly people: People;
  readonly reviews: Reviews;
  readonly activity: Activity;
  readonly devices: Devices;
  readonly recovery: PracticeRecovery;
  readonly #live: Live;
  readonly #sender: Sender;
  readonly #transfers: Transfers;
  readonly #idle: IdleLock;
  readonly #second: SecondStep;
  readonly #drafts = new Set<NoteDraft>();
  #invite: ReadInvite | null = null;
  #questions: Readonly<Record<'personal' | 'restore', readonly number[]>> | null = null;
  /** Screens may show when the lock comes. */
  onIdle: (state: IdleState) => void = () => undefined;

  constructor(ports: Ports, api: Api) {
    this.core = new Core(ports, api);
    ({ people: this.people, reviews: this.reviews, activity: this.activity, devices: this.devices, recovery: this.recovery } = facesOf(this.core));
    this.#live = new Live(this.core, () => this.#signedOut());
    this.#sender = new Sender(this.core);
    this.#second = new SecondStep(this.core);
    this.#transfers = new Transfers(this.core);
    this.#idle = new IdleLock(ports.clock, () => void this.#lock('idle'), (state) => this.onIdle(state));
    this.core.kickSender = () => this.#sender.kick();
    this.core.drain = () => this.#sender.run();
    this.core.writing = { seal: () => this.#sealWriting(), drop: () => this.#dropWriting() };
    ports.neighbours.listen((message) => void this.#hear(message));
  }

  async begin(): Promise<void> {
    const { core } = this;
    const { store } = core.ports;
    core.remembered = (await accountsOf(store)).map(remembered);
    const current = await store.read<string>('device', CURRENT);
    core.account = current === null ? null : await accountOf(store, current);
    if (core.account === null) return core.enter({ at: 'signed-out', remembered: core.remembered });
    core.enter({ at: 'locked', remembered: remembered(core.account), why: 'reload' });
    await refreshOutbox(core);
    // What is sealed already may go while the person has not unlocked yet.
    this.#sender.kick();
    void this.#transfers.resumeAll();
  }

  get state(): SessionState {
    return this.core.state;
  }
  get me(): MeView | null {
    return currentMe(this.core);
  }

  on<K extends keyof EngineEvents>(event: K, listener: (value: EngineEvents[K]) => void): () => void {
    return this.core.events.on(event, listener);
  }

  // Set-up
  passkeysAvailable(): boolean {
    return this.core.ports.passkeys.available();
  }
  practice(): Promise<PracticeView> {
    return practice.practice(this.core);
  }
  lastBackup(): Promise<BackupView | null> {
    return practice.lastBackup(this.core);
  }
  fileTrouble(): Promise<FileTroubleView> {
    return practice.fileTrouble(this.core);
  }
  async claim(code: string): Promise<void> {
    await this.core.api.claim(code.trim());
  }
  async found(input: Parameters<Engine['found']>[0]): Promise<Kits> {
    const made = await found(this.core, input);
    await this.#loadQuestions();
    await this.#opened();
    return made;
  }
  async unprovedKits(): Promise<Kits | null> {
    await this.#loadQuestions();
    return kits.unprovedKits(this.core);
  }
  kitQuestions(kind: 'personal' | 'restore'): number[] {
    return [...(this.#questions?.[kind] ?? [])];
  }
  proveKit(kind: 'personal' | 'restore', typed: kits.Typed): Promise<{ proved: ('personal' | 'restore')[]; all: boolean }> {
    return kits.proveKit(this.core, kind, typed);
  }
  async remakePersonalKit(): ReturnType<Engine['remakePersonalKit']> {
    const sheet = await kits.remakePersonalKit(this.core);
    await this.#loadQuestions();
    return sheet;
  }
  async #loadQuestions(): Promise<void> {
    this.#questions = (await kits.loadKits(this.core))?.questions ?? null;
  }

  // Joining
  async readInvite(link: string): ReturnType<Engine['readInvite']> {
    const { read, view } = await readInvite(this.core, link);
    this.#invite = read;
    return view;
  }
  async join(input: Parameters<Engine['join']>[0]): ReturnType<Engine['join']> {
    const joined = await join(this.core, this.#invite, input);
    this.#invite = null;
    await this.#loadQuestions();
    await this.#opened();
    return joined;
  }
  confirmKitSaved(): Promise<void> {
    return kits.confirmKitSaved(this.core);
  }

  // Signing in
  signInWithPasskey(offer?: PasskeyOffer): Promise<SecondStepView | null> {
    return this.#enter(() => signingIn.signInWithPasskey(this.core, offer));
  }
  signInWithPassword(password: string, person?: string): Promise<SecondStepView | null> {
    return this.#enter(() => signingIn.signInWithPassword(this.core, password, person));
  }
  signInWithKit(text: string): Promise<SecondStepView | null> {
    return this.#enter(() => signingIn.signInWithKit(this.core, text));
  }
  async giveSecondStep(typed: SecondTyped): Promise<void> {
    await this.#second.give(typed);
    await this.#opened();
  }
  dropSecondStep(): void {
    this.#second.drop();
  }
  async #enter(first: () => Promise<Pending | null | void>): Promise<SecondStepView | null> {
    const asked = await this.#second.first(first);
    if (asked === null) await this.#opened();
    return asked;
  }
  signInWithLink(link: string): Promise<SecondStepView | null> {
    return this.#enter(() => linking.signInWithLink(this.core, link));
  }
  lock(): Promise<void> {
    return this.#lock('asked');
  }
  unlockWithPassword(password: string): Promise<SecondStepView | null> {
    return this.#enter(() => locking.unlockWithPassword(this.core, password));
  }
  unlockWithPasskey(): Promise<SecondStepView | null> {
    return this.#enter(() => locking.unlockWithPasskey(this.core));
  }
  async signOut({ force }: { force: boolean } = { force: false }): Promise<void> {
    // Nothing is fetched any more, also not what is sent now.
    this.#live.stop();
    await this.#savePins();
    await this.#sender.run();
    try {
      await locking.signOut(this.core, force);
    } catch (error) {
      if (this.core.isOpen) this.#live.start();
      throw error;
    }
    this.close();
  }
  async forgetDevice(person: string): Promise<void> {
    const isCurrent = this.core.account?.person === person;
    if (isCurrent) this.#live.stop();
    await locking.forgetDevice(this.core, person);
    if (isCurrent) this.close();
  }
  hold(minutes: number): void {
    this.#idle.hold(minutes);
  }
  touch(): void {
    this.#idle.touch();
  }

  // My account
  prove(unlock: Unlock, beside: locking.Beside = {}): Promise<void> {
    return locking.prove(this.core, unlock, beside);
  }
  factors(): Promise<FactorsView> {
    return factors.factors(this.core);
  }
  beginTotp(): Promise<{ secret: string; uri: string }> {
    return this.core.api.beginTotp();
  }
  confirmTotp(code: string): Promise<string[]> {
    return this.#strengthened(factors.confirmTotp(this.core, code));
  }
  removeTotp(): Promise<void> {
    return factors.removeTotp(this.core);
  }
  renewRecoveryCodes(): Promise<string[]> {
    return factors.renewRecoveryCodes(this.core);
  }
  addSecurityKey(label: string): Promise<string[]> {
    return this.#strengthened(factors.addKey(this.core, label));
  }
  removeSecurityKey(key: string): Promise<void> {
    return factors.removeKey(this.core, key);
  }
  /** What the practice held back from a weaker session comes now. */
  async #strengthened<A>(act: Promise<A>): Promise<A> {
    const done = await act;
    if (this.core.isOpen) this.#live.start();
    return done;
  }
  addPassword(password: string): Promise<void> {
    return ownKeys.addPassword(this.core, password);
  }
  changePassword(password: string): Promise<void> {
    return this.#strengthened(ownKeys.changePassword(this.core, password));
  }
  addPasskey(label?: string): Promise<void> {
    return this.#strengthened(ownKeys.addPasskey(this.core, label));
  }
  renameSlot(slot: string, label: string): Promise<void> {
    return ownKeys.renameSlot(this.core, slot, label);
  }
  removeSlot(slot: string): Promise<void> {
    return ownKeys.removeSlot(this.core, slot);
  }
  makeLink(): ReturnType<Engine['makeLink']> {
    return linking.makeLink(this.core);
  }
  linkState(slot: string): ReturnType<Engine['linkState']> {
    return linking.linkState(this.core, slot);
  }
  cancelLink(slot: string): Promise<void> {
    return linking.cancelLink(this.core, slot);
  }
  keepPassword(password: string): Promise<void> {
    return linking.keepPassword(this.core, password);
  }
  exportMine(progress?: (done: number, total: number) => void): ReturnType<Engine['exportMine']> {
    return exportMine(this.core, progress);
  }

  // Clients
  addClient(input: Parameters<Engine['addClient']>[0]): ReturnType<Engine['addClient']> {
    return clients.addClient(this.core, input);
  }
  renameClient(client: string, input: { name?: string; email?: string | null }): Promise<void> {
    return clients.renameClient(this.core, client, input);
  }
  invite(client: string, input?: { message?: string }): ReturnType<Engine['invite']> {
    return clients.invite(this.core, client, input?.message);
  }
  inviteLink(client: string): ReturnType<Engine['inviteLink']> {
    return clients.inviteLink(this.core, client);
  }
  revokeInvite(client: string): Promise<void> {
    return clients.revokeInvite(this.core, client);
  }
  removeMember(space: string, person: string): Promise<void> {
    return clients.removeMember(this.core, space, person);
  }
  safetyWords(person: string): Promise<string[]> {
    return clients.safetyWords(this.core, person);
  }
  markVerified(space: string, person: string, how: 'words' | 'qr'): Promise<void> {
    return clients.markVerified(this.core, spaceOf(this.core, space), person, how);
  }
  async myCode(person: string): Promise<string> {
    return clients.myCode(this.core, person);
  }
  scanCode(text: string): ReturnType<Engine['scanCode']> {
    return clients.scanCode(this.core, text);
  }

  // Colleagues
  team(): ReturnType<Engine['team']> {
    return colleagues.team(this.core);
  }
  inviteColleague(input: Parameters<Engine['inviteColleague']>[0]): ReturnType<Engine['inviteColleague']> {
    return colleagues.inviteColleague(this.core, input);
  }
  colleagueLink(invite: string): ReturnType<Engine['colleagueLink']> {
    return colleagues.colleagueLink(this.core, invite);
  }
  revokeColleagueInvite(invite: string): Promise<void> {
    return colleagues.revokeColleagueInvite(this.core, invite);
  }
  addToSpace(space: string, input: Parameters<Engine['addToSpace']>[1]): Promise<void> {
    return addToSpace(this.core, space, input);
  }
  handOver(client: string, input: Parameters<Engine['handOver']>[1]): Promise<void> {
    return handOver(this.core, client, input);
  }

  // Notes
  async openDraft(input: Parameters<Engine['openDraft']>[0]): Promise<Draft> {
    const draft = await openDraft(this.core, input);
    this.#drafts.add(draft);
    return draft;
  }
  noteHistory(space: string, record: string): Promise<NoteView[]> {
    return noteHistory(this.core, spaceOf(this.core, space), record);
  }

  // Typed and not used yet
  typed(place: string): TypedFields | null {
    return this.core.typed.at(place);
  }
  keepTyped(place: string, fields: TypedFields | null): void {
    this.core.typed.keep(place, fields);
  }

  // Items
  addAction(space: string, input: Parameters<Engine['addAction']>[1]): Promise<string> {
    return items.addAction(this.core, space, input);
  }
  changeAction(record: string, change: Parameters<Engine['changeAction']>[1]): Promise<void> {
    return items.changeAction(this.core, record, change);
  }
  completeAction(record: string, done: boolean): Promise<void> {
    return items.completeAction(this.core, record, done);
  }
  sendMessage(space: string, text: string, about: string | null = null): Promise<string> {
    return items.sendMessage(this.core, space, text, about);
  }
  markRead(space: string): void {
    items.markRead(this.core, space);
  }
  writeWelcome(space: string, text: string): Promise<string> {
    return items.writeWelcome(this.core, space, text);
  }
  remove(record: string): Promise<void> {
    return items.remove(this.core, record);
  }
  chooseVersion(record: string, keep: 'mine' | 'theirs' | 'both'): Promise<void> {
    return items.chooseVersion(this.core, record, keep);
  }

  // Files
  sendFile(space: string, file: Parameters<Engine['sendFile']>[1], note = ''): Promise<Transfer> {
    return this.#transfers.send(space, file, note);
  }
  pauseTransfer(id: string): void {
    void this.#transfers.pause(id);
  }
  resumeTransfer(id: string): void {
    void this.#transfers.resume(id);
  }
  cancelTransfer(id: string): Promise<void> {
    return this.#transfers.cancel(id);
  }
  fetchFile(record: string): ReturnType<Engine['fetchFile']> {
    return this.#transfers.fetch(record);
  }

  // Outbox and alarms
  retry(entry: string): Promise<void> {
    return items.retry(this.core, entry);
  }
  discard(entry: string): Promise<string> {
    return items.discard(this.core, entry);
  }
  sync(): Promise<void> {
    return this.#live.sync();
  }
  /** Sends what waits, and resolves once nothing more can go now. For headless runs. */
  async settle(): Promise<void> {
    await this.#sender.run();
  }
  async signRestore(): Promise<void> {
    await signRestore(this.core);
    await this.sync();
  }
  acknowledge(alarm: string): void {
    const found = this.core.alarms.find((known) => known.alarm === alarm);
    void acknowledge(this.core, alarm);
    this.core.emitSpaces();
    // What stops everything may still be so.
    if (found?.stopsWriting && found.space === null) void this.#live.sync().catch(() => undefined);
  }

  /** The connection or the window is back: look again, send again. */
  wake(): void {
    this.#idle.check();
    if (this.core.isOpen) this.#live.start();
    this.#sender.kick();
    void this.#transfers.resumeAll();
  }

  async #opened(): Promise<void> {
    await clients.openLocalClients(this.core);
    this.#idle.start();
    this.#live.start();
    void this.#transfers.resumeAll();
    await collectDrafts(this.core, (record) => [...this.#drafts].some((draft) => draft.record === record && !draft.closed));
  }

  /** Ends timers and streams; the window goes. */
  close(): void {
    this.#live.stop();
    this.#sender.stop();
    this.#idle.stop();
  }

  /** Seals what was typed: the window is hidden or goes. */
  async flush(): Promise<void> {
    for (const draft of this.#drafts) if (draft.closed) this.#drafts.delete(draft);
    await Promise.all([this.core.typed.flush(), ...[...this.#drafts].map((draft) => draft.flush())]);
  }

  /** Before the keys go. What is typed while it is sealed is sealed as well; then notes leave memory, too. */
  async #sealWriting(): Promise<void> {
    if (!this.core.isOpen) return;
    const isUnsealed = () => this.core.typed.unsealed || [...this.#drafts].some((draft) => draft.unsealed);
    await this.flush();
    for (let again = 0; again < 2 && isUnsealed(); again++) await this.flush();
  }

  #dropWriting(): void {
    this.core.typed.drop();
    for (const draft of this.#drafts) draft.drop();
    this.#drafts.clear();
  }

  async #lock(why: 'idle' | 'asked' | 'elsewhere'): Promise<void> {
    // What this device knows; the lock waits for writes that were begun.
    if (why !== 'elsewhere') void this.#savePins();
    this.#live.stop();
    this.#idle.stop();
    await locking.lock(this.core, why);
    this.#sender.kick();
  }

  /** What this device knows, for the next one. Nothing of the person's waits for it. */
  async #savePins(): Promise<void> {
    await savePins(this.core).catch(() => undefined);
  }

  /** In another window, on another device, or by the practice: what stands open is put away first, as at a lock. */
  async #signedOut(): Promise<void> {
    this.close();
    await locking.lock(this.core, 'elsewhere');
    await locking.leave(this.core);
  }

  async #hear(message: NeighbourMessage): Promise<void> {
    const { core } = this;
    if (message.what === 'locked') return this.#lock('elsewhere');
    if (message.what === 'signed-out') return this.#signedOut();
    await refreshOutbox(core);
    if (message.what === 'space' && core.isOpen) {
      const space = core.spaces.get(message.space);
      if (space) await syncSpace(core, space.row);
    }
    core.emitSpaces();
  }
}
