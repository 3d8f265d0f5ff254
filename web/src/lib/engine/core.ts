/**
 * The state that all parts of the engine share: who is here, whether keys are in memory, which spaces are open. Parts are functions over a Core;
 * the Core decides nothing.
 */
import type { UnlockedKeyring, UnlockSlot } from '$lib/crypto';
import type { Api, Me } from '$lib/api';
import { accountPut, remembered, type Account } from './device';
import { Emitter } from './emitter';
import { SessionLocked, SignedOut } from './errors';
import { NO_PINS, type Pins } from './pins';
import type { Ports, Put } from './ports';
import { SealedDrafts } from './sealed-drafts';
import type { Space } from './space';
import { Typed } from './typed';
import type { AlarmView, MeView, OutboxEntry, Remembered, SessionState, Transfer, ClientView, Connection } from './types';

/** Who is here with keys in memory. */
export interface Open {
  readonly account: Account;
  readonly keyring: UnlockedKeyring;
  readonly me: Me;
}

export class Core {
  readonly events = new Emitter();
  readonly spaces = new Map<string, Space>();
  state: SessionState = { at: 'starting' };
  keyring: UnlockedKeyring | null = null;
  /** What opened the keyring here; it opens newer versions of it, too. */
  slot: UnlockSlot | null = null;
  /** Keyrings that this one took the place of: wiped at the lock. */
  formerKeyrings: UnlockedKeyring[] = [];
  account: Account | null = null;
  remembered: Remembered[] = [];
  clients: readonly ClientView[] = [];
  outbox: readonly OutboxEntry[] = [];
  transfers: readonly Transfer[] = [];
  alarms: readonly AlarmView[] = [];
  /** By alarm, what exactly was found. */
  readonly evidence = new Map<string, readonly string[]>();
  /** What the devices of this person know of the practice together. */
  pins: Pins = NO_PINS;
  /** Cancels the saving of pins that is due. */
  savePinsSoon: (() => void) | null = null;
  connection: Connection = 'online';
  /** When the practice last saw a proof of this person from here, in ms; null where that was in another window or before a reload. */
  provedAt: number | null = null;
  /** Waits for the connection: tells the practice that keys are here again. */
  resume: (() => Promise<void>) | null = null;
  readonly drafts = new SealedDrafts(this);
  readonly typed = new Typed(this);
  /** Set by whoever holds what is being written: before the keys go all of it is sealed, then it leaves memory. */
  writing: { seal(): Promise<void>; drop(): void } = { seal: () => Promise.resolve(), drop: () => undefined };
  /** Set by whoever sends the outbox. */
  kickSender: () => void = () => undefined;
  /** The same, and waits until nothing more can go now. */
  drain: () => Promise<void> = () => Promise.resolve();
  /** First sync done, or the sealed local copy opened. */
  loaded = false;

  constructor(
    readonly ports: Ports,
    readonly api: Api,
  ) {}

  /** @throws {@link SignedOut} @throws {@link SessionLocked} */
  open(): Open {
    if (this.account === null) throw new SignedOut();
    if (this.keyring === null) throw new SessionLocked();
    return { account: this.account, keyring: this.keyring, me: this.account.me };
  }

  get isOpen(): boolean {
    return this.account !== null && this.keyring !== null;
  }

  /** Changes what the device remembers of the person who is here, on disk and in memory. */
  async note(change: Partial<Account>, ...also: readonly Put[]): Promise<void> {
    if (this.account === null) throw new SignedOut();
    this.account = { ...this.account, ...change };
    await this.ports.store.write(accountPut(this.account), ...also);
  }

  enter(state: SessionState): void {
    this.state = state;
    this.events.emit('session', state);
  }

  setConnection(connection: Connection): void {
    if (this.connection === connection) return;
    this.connection = connection;
    this.events.emit('connection', connection);
  }

  /** The rows of this person in the local store begin so. */
  get prefix(): string {
    if (this.account === null) throw new SignedOut();
    return `${this.account.person}/`;
  }

  /** The person's own notebook, which seals what waits on this device. */
  notebook(): Space {
    const found = [...this.spaces.values()].find(({ kind }) => kind === 'notebook');
    if (!found) throw new SessionLocked();
    return found;
  }

  emitSpaces(): void {
    if (!this.isOpen) return;
    this.events.emit('spaces', [...this.spaces.values()].map((space) => space.view(this)));
  }
}

/** What screens see of a person; with the keyring open, their ways to unlock have the names that it keeps for them. */
export function meView({ me, slots, keyHash }: Account, keyring: UnlockedKeyring | null): MeView {
  const { person, name, email, zone, role, role_name: roleName, rights, practice, owner } = me;
  const named = new Map(keyring?.slots().map(({ id, label }) => [id, label]));
  return {
    person, name, email, zone, role, roleName,
    // What a device remembers from before there were rights has none.
    rights: rights ?? [], practice, owner,
    kitsProved: me.kits_proved,
    slots: slots.flatMap(({ slot, kind, label, made_at }) => (kind === 'link' ? [] : [{ slot, kind, label: named.get(slot) ?? label, madeAt: made_at }])),
    device: me.device,
    lastVisitAt: me.last_visit_at,
    keyHash: keyring === null ? null : keyHash,
    restorePending: me.restore.pending,
    // A copy of an older version has none of these.
    strength: me.strength === 'strong' ? 'strong' : 'single',
    needsFactor: me.needs_factor ?? false,
    passwordExpired: me.password_expired ?? false,
    attestationDue: me.attestation_due ?? false,
    factors: { totp: me.factors?.totp ?? false, keys: me.factors?.keys ?? 0, recoveryLeft: me.factors?.recovery_left ?? 0 },
  };
}

export { remembered };
