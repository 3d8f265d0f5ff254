/** Locking and unlocking. At the lock all keys leave memory; the practice's session may then only finish what is sealed already. */
import { derivePasskeySlot, openKeyring, type UnlockSlot } from '$lib/crypto';
import { ApiProblem, Offline, type PasskeyAssertion, type SecondGiven, type SignInAnswer } from '$lib/api';
import { CURRENT, openUp } from './admitting';
import { hideAlarms } from './alarms';
import type { Core } from './core';
import { accountsOf, forget, remembered } from './device';
import { NeedsKit, OutboxNotEmpty, SecondStepNeeded, SignedOut, WrongPassword } from './errors';
import { NO_PINS } from './pins';
import { refreshOutbox } from './outbox';
import { enter, type Pending } from './second';
import { admitSignedIn, learnSalt, passwordSlot, proofBy, signInWithPassword } from './signing-in';
import type { SessionState, Unlock } from './types';

const WRITES_MAX_MS = 1_000;

/** Drops every key object, and every text with them. */
export function dropKeys(core: Core): void {
  core.writing.drop();
  for (const keyring of [core.keyring, ...core.formerKeyrings]) keyring?.lock();
  core.keyring = null;
  core.formerKeyrings = [];
  core.slot = null;
  for (const space of core.spaces.values()) space.lock();
  core.spaces.clear();
  core.clients = [];
  core.savePinsSoon?.();
  core.savePinsSoon = null;
  core.pins = NO_PINS;
  core.resume = null;
  core.provedAt = null;
  core.loaded = false;
  // Names of files are content: shown again once unlocked.
  core.transfers = core.transfers.filter(({ state }) => state !== 'done').map((transfer) => ({ ...transfer, name: null }));
  core.events.emit('transfers', core.transfers);
  hideAlarms(core);
}

async function enterLocked(core: Core, why: Extract<SessionState, { at: 'locked' }>['why']): Promise<void> {
  if (core.account === null) throw new SignedOut();
  await core.writing.seal();
  await writesTaken(core);
  dropKeys(core);
  core.enter({ at: 'locked', remembered: remembered(core.account), why });
  core.events.emit('spaces', []);
  core.events.emit('clients', []);
}

/** What was sent off a moment ago is sealed into the outbox first; not for long, since a lock must come. */
async function writesTaken(core: Core): Promise<void> {
  const { locks, clock } = core.ports;
  const taken = locks.inTurn(`alcove-write-${core.account?.person}`, () => Promise.resolve());
  await Promise.race([taken, new Promise<void>((resolve) => clock.after(WRITES_MAX_MS, resolve))]);
}

/** `elsewhere`: another window, or the practice, has locked this session. */
export async function lock(core: Core, why: 'idle' | 'asked' | 'elsewhere'): Promise<void> {
  if (!core.isOpen) return;
  await enterLocked(core, why);
  await refreshOutbox(core);
  if (why === 'elsewhere') return;
  core.ports.neighbours.tell({ what: 'locked' });
  await core.api.lock().catch(() => undefined);
}

/** Codes beside a proof. */
export interface Beside {
  readonly totp?: string;
  readonly recovery?: string;
}

interface Ways {
  unlock(): Promise<void>;
  /** While everything stays open. */
  prove(beside: Beside): Promise<void>;
  /** What the practice asks next, or null. */
  signIn(): Promise<Pending | null>;
}
type Prove = () => Promise<Ways>;

/**
 * Tells the practice that keys are here again: a locked session unlocks, one that ended begins anew. Without a network the local copy serves, and
 * this comes again with the connection.
 */
async function resume(core: Core, prove: Prove): Promise<void> {
  try {
    const { locked } = await core.api.me();
    if (locked) await unlockBy(core, prove);
  } catch (error) {
    if (error instanceof Offline) {
      // Not after a lock that came meanwhile: the proof holds the slot.
      if (core.keyring !== null) core.resume = () => resume(core, prove);
      return;
    }
    if (!(error instanceof ApiProblem)) throw error;
    if (error.code === 'session-locked') await unlockBy(core, prove);
    else if (error.code === 'signed-out') await signInBy(core, prove);
    else throw error;
  }
  core.resume = null;
}

async function unlockBy(core: Core, prove: Prove): Promise<void> {
  await (await prove()).unlock();
  core.provedAt = core.ports.clock.now();
}

/** @throws {@link SecondStepNeeded} with what goes on once it was given */
async function signInBy(core: Core, prove: Prove): Promise<void> {
  const pending = await (await prove()).signIn();
  if (pending) throw new SecondStepNeeded(pending);
  core.provedAt = core.ports.clock.now();
}

/** Proves anew to the practice that this person is there, while everything stays open: what changes ways to unlock asks for it. */
export async function prove(core: Core, unlock: Unlock, beside: Beside = {}): Promise<void> {
  const ways = unlock.kind === 'password' ? await byPassword(core, unlock.password) : await byPresentPasskey(core);
  await (await ways()).prove(beside);
  core.provedAt = core.ports.clock.now();
}

async function byPassword(core: Core, password: string): Promise<Prove> {
  const { account } = core.open();
  // Its salt as the practice has it now: the password may have been changed on another device.
  const salt = (await learnSalt(core, account.me)) ?? account.passwordSalt;
  const ways = byLoginKey(core, await passwordSlot(core, account, password, salt));
  return async () => {
    const found = await ways();
    return { ...found, prove: (beside) => found.prove(beside).catch(wrongPassword) };
  };
}

function wrongPassword(error: unknown): never {
  throw error instanceof ApiProblem && error.code === 'sign-in-failed' ? new WrongPassword() : error;
}

async function byPresentPasskey(core: Core): Promise<Prove> {
  const { assertion, prf } = await core.ports.passkeys.use(await core.api.askPasskey());
  prf.fill(0);
  return byPasskey(core, assertion, null);
}

/** Proof by a login key: each time over a fresh challenge. */
function byLoginKey(core: Core, slot: UnlockSlot): Prove {
  return async () => {
    const { person, device, deviceLabel } = core.open().account;
    const proof = await proofBy(core, slot, await core.api.challenge({ person }));
    return {
      unlock: () => core.api.unlock(proof).catch((error: unknown) => asksBeside(core, slot, error)),
      prove: (beside) => core.api.prove(proof, beside),
      signIn: async () => again(core, await core.api.signIn({ ...proof, device: { device, label: deviceLabel } }), slot),
    };
  };
}

/** A session that proved one thing only is unlocked by two where its person has a second step by now. */
function asksBeside(core: Core, slot: UnlockSlot, error: unknown): never {
  if (!(error instanceof ApiProblem && error.code === 'second-factor-wanted')) throw error;
  const { person } = core.open().account;
  const give = async (given: SecondGiven) => {
    await core.api.unlock(await proofBy(core, slot, await core.api.challenge({ person })), 'key' in given ? {} : given);
    return async () => {
      await openWith(core, slot, byLoginKey(core, slot));
      core.provedAt = core.ports.clock.now();
    };
  };
  throw new SecondStepNeeded({ asked: { methods: ['totp', 'recovery'], key: null }, give, drop: () => undefined });
}

/** The session ended meanwhile: where a second step is asked for, the person is let in anew once it was given. */
function again(core: Core, answer: SignInAnswer, slot: UnlockSlot | null): Pending | null | Promise<Pending | null> {
  if (!('second' in answer) || slot === null) return null;
  const { device, passwordSalt } = core.open().account;
  return enter(core, answer, { finish: (entered) => admitSignedIn(core, entered, slot, { device, passwordSalt }) });
}

function byPasskey(core: Core, assertion: PasskeyAssertion, slot: UnlockSlot | null): Prove {
  return async () => {
    const { device, deviceLabel } = core.open().account;
    return {
      unlock: () => core.api.unlock({ passkey: assertion }),
      prove: (beside) => core.api.prove({ passkey: assertion }, beside),
      signIn: async () => again(core, await core.api.signInByPasskey({ ...assertion, device: { device, label: deviceLabel } }), slot),
    };
  };
}

/** Opens the stored keyring with a slot and everything after it. */
async function openWith(core: Core, slot: UnlockSlot, prove: Prove): Promise<void> {
  const { account } = core;
  if (account === null) throw new SignedOut();
  core.keyring = await openKeyring(account.keyring, slot, { person: account.person, keyHash: account.keyHash, version: account.keyringVersion });
  core.slot = slot;
  try {
    await resume(core, prove);
  } catch (error) {
    dropKeys(core);
    return wrongPassword(error);
  }
  await openUp(core);
}

export async function unlockWithPassword(core: Core, password: string): Promise<Pending | null> {
  const { account } = core;
  if (account === null) throw new SignedOut();
  if (account.secret === null) throw new NeedsKit();
  const salt = account.passwordSalt ?? (await learnSalt(core, account.me));
  const slot = await passwordSlot(core, account, password, salt);
  try {
    await openWith(core, slot, byLoginKey(core, slot));
    return null;
  } catch (error) {
    const name = (error as Error).name;
    if (name !== 'SlotDoesNotOpen' && name !== 'WrongPassword') throw error;
    return withNewerPassword(core, password);
  }
}

/** The password may have been changed on another device: then the practice knows, and this device's copy is old. */
async function withNewerPassword(core: Core, password: string): Promise<Pending | null> {
  try {
    return await signInWithPassword(core, password, core.account?.person);
  } catch (error) {
    throw error instanceof Offline ? new WrongPassword() : error;
  }
}

export async function unlockWithPasskey(core: Core): Promise<void> {
  const { account, ports } = core;
  if (account === null) throw new SignedOut();
  const asked = await core.api.askPasskey().catch((error: unknown) => {
    if (error instanceof Offline) return null;
    throw error;
  });
  if (asked === null) {
    const slot = await slotOf(await ports.passkeys.useOffline(), account.person);
    return openWith(core, slot, byLoginKey(core, slot));
  }
  const { assertion, prf } = await ports.passkeys.use(asked);
  const slot = await slotOf(prf, account.person);
  await openWith(core, slot, byPasskey(core, assertion, slot));
}

async function slotOf(prf: Uint8Array<ArrayBuffer>, person: string): Promise<UnlockSlot> {
  try {
    return await derivePasskeySlot(prf, person);
  } finally {
    prf.fill(0);
  }
}

async function enterSignedOut(core: Core): Promise<void> {
  core.account = null;
  await core.ports.store.write(['device', CURRENT, null]);
  core.remembered = (await accountsOf(core.ports.store)).map(remembered);
  core.enter({ at: 'signed-out', remembered: core.remembered });
  core.events.emit('spaces', []);
  core.events.emit('clients', []);
  await refreshOutbox(core);
}

/** Ends the session here. What waits stays sealed on this device, and is refused to be left behind unless that is meant. */
export async function signOut(core: Core, force: boolean): Promise<void> {
  await core.writing.seal();
  if (core.outbox.length > 0 && !force) throw new OutboxNotEmpty(core.outbox.length);
  await core.api.signOut().catch((error: unknown) => {
    if (!(error instanceof Offline || error instanceof ApiProblem)) throw error;
  });
  core.ports.neighbours.tell({ what: 'signed-out' });
  await leave(core);
}

/** This window forgets who was here; also when another window signed out. */
export async function leave(core: Core): Promise<void> {
  await core.writing.seal();
  dropKeys(core);
  await enterSignedOut(core);
}

export async function forgetDevice(core: Core, person: string): Promise<void> {
  if (core.account?.person === person) await signOut(core, true);
  for (const [, { file }] of await core.ports.store.list<{ file: string }>('transfers', `${person}/`)) await core.ports.files.remove(file);
  await forget(core.ports.store, person);
  core.drafts.forget(person);
  core.remembered = (await accountsOf(core.ports.store)).map(remembered);
  if (core.account === null) core.enter({ at: 'signed-out', remembered: core.remembered });
}
