/**
 * The keyring: one age file with a person's seeds, sealed to every unlock slot. Opening it gives an opaque object; the seeds never leave this folder.
 */
import { bech32 } from '@scure/base';
import { AccountSecret, makeAccountSecretBytes } from './account-secret';
import { b64u, equalText, fromB64u, makeRandom, ownBytes, utf8, type Bytes } from './bytes';
import { CannotOpen, Malformed } from './errors/files';
import { KeyChanged, KeyringOfAnother, KeyringRolledBack, KeyringSwapped, KeysLocked, LinkKeysDiffer, NoSuchSlot, PasskeyOnly, SlotDoesNotOpen } from './errors/keys';
import { deriveRecipient, identityText, openAsPerson, sealToPersons } from './hybrid';
import { deriveKeyHash, type PersonKeys } from './identity';
import { makeId, requireId } from './ids';
import { countField, isFields, parseFields, requireVersion1, textField, type Fields } from './json';
import { labelOfPlan, type AcceptedPlan } from './plan';
import { signStatement } from './signed';
import { SigningKey } from './signing';
import { slotRecipientOf, slotSeedOf, type SlotKind, type UnlockSlot } from './slots';
import { timeText } from './time';

/** A way to unlock, as its owner sees it in a list. */
export interface SlotLabel {
  readonly id: string;
  readonly kind: SlotKind;
  readonly label: string;
  readonly made: string;
  /** The public login key, base64url. */
  readonly login: string;
}

/** The recipient stays inside the sealed keyring. */
interface StoredSlot extends SlotLabel {
  readonly recipient: string;
}

interface Contents {
  readonly identitySeed: Bytes;
  readonly signSeed: Bytes;
  readonly account: Bytes;
  readonly slots: readonly StoredSlot[];
  readonly pins: ReadonlyMap<string, string>;
}

/** Friends of the class, for this folder only: not exported by index.ts. */
export let signerOf: (keyring: UnlockedKeyring) => SigningKey;
export let identitySeedOf: (keyring: UnlockedKeyring) => Bytes;
let contentsOf: (keyring: UnlockedKeyring) => Contents;

/** A person's keys in memory. {@link lock} wipes them. */
export class UnlockedKeyring {
  #contents: Contents | null;
  #signer: SigningKey | null;
  readonly keys: PersonKeys;
  readonly keyHash: string;
  /** Grows with every change; 0 for a keyring that was never sealed. */
  readonly version: number;
  readonly account: AccountSecret;

  static {
    contentsOf = (keyring) => keyring.#contents ?? refuseLocked();
    signerOf = (keyring) => keyring.#signer ?? refuseLocked();
    identitySeedOf = (keyring) => contentsOf(keyring).identitySeed;
  }

  private constructor(contents: Contents, signer: SigningKey, keys: PersonKeys, keyHash: string, version: number, account: AccountSecret) {
    this.#contents = contents;
    this.#signer = signer;
    this.keys = keys;
    this.keyHash = keyHash;
    this.version = version;
    this.account = account;
  }

  static async fromContents(person: string, contents: Contents, version: number): Promise<UnlockedKeyring> {
    const signer = await SigningKey.fromSeed(contents.signSeed);
    const keys = { person: requireId('per', person), sign: signer.publicKey, recipient: await deriveRecipient(contents.identitySeed) };
    return new UnlockedKeyring(contents, signer, keys, await deriveKeyHash(keys), version, await AccountSecret.fromBytes(contents.account));
  }

  get person(): string {
    return this.keys.person;
  }

  get locked(): boolean {
    return this.#contents === null;
  }

  slots(): SlotLabel[] {
    return contentsOf(this).slots.map(({ id, kind, label, made, login }) => ({ id, kind, label, made, login }));
  }

  /** The key hash that this person has pinned for a contact. */
  pinOf(person: string): string | null {
    return contentsOf(this).pins.get(person) ?? null;
  }

  /** Refuses a contact whose keys differ from the pin; a contact without a pin passes. @throws {@link KeyChanged} */
  expectPinned(person: string, keyHash: string): void {
    const pin = this.pinOf(person);
    if (pin !== null && !equalText(pin, keyHash)) throw new KeyChanged(person);
  }

  /** The statement of one's own keys, for the directory. */
  async makeKeyStatement(at?: Date): Promise<string> {
    return signStatement('directory', { v: 1, ...this.keys, ts: timeText(at) }, signerOf(this));
  }

  /** Wipes the seeds. The object refuses everything afterwards. */
  lock(): void {
    for (const seed of [this.#contents?.identitySeed, this.#contents?.signSeed, this.#contents?.account]) seed?.fill(0);
    this.#contents = null;
    this.#signer = null;
  }
}

function refuseLocked(): never {
  throw new KeysLocked();
}

/** New random keys for a person, not sealed yet: add slots with {@link changeKeyring}, which gives the file. */
export async function makeKeyring(person = makeId('per')): Promise<UnlockedKeyring> {
  const contents = { identitySeed: makeRandom(32), signSeed: makeRandom(32), account: makeAccountSecretBytes(), slots: [], pins: new Map() };
  return UnlockedKeyring.fromContents(person, contents, 0);
}

export interface NewSlot {
  readonly slot: UnlockSlot;
  readonly label: string;
  readonly id?: string;
}

export interface KeyringChange {
  readonly add?: readonly NewSlot[];
  /** Slot ids. */
  readonly remove?: readonly string[];
  /** Slots that are called otherwise from now on. */
  readonly rename?: readonly { readonly id: string; readonly label: string }[];
  /** Practice recovery: the plan to which the person agrees, in place of the one before; null for none any more. */
  readonly recovery?: AcceptedPlan | null;
  /** Contacts to pin: person and key hash. */
  readonly pin?: readonly { readonly person: string; readonly keyHash: string }[];
  readonly at?: Date;
}

export interface SealedKeyring {
  readonly keyring: UnlockedKeyring;
  readonly version: number;
  readonly bytes: Bytes;
}

/**
 * The keyring after a change, and the file to store. A password change adds the new slot and removes the old one in one step.
 * @throws {@link PasskeyOnly} @throws {@link NoSuchSlot}
 */
export async function changeKeyring(keyring: UnlockedKeyring, change: KeyringChange): Promise<SealedKeyring> {
  const before = contentsOf(keyring);
  return sealWith(keyring, changedSlots(before.slots, change), change);
}

async function sealWith(keyring: UnlockedKeyring, slots: readonly StoredSlot[], change: Pick<KeyringChange, 'pin'>): Promise<SealedKeyring> {
  const before = contentsOf(keyring);
  const pins = new Map([...before.pins, ...(change.pin ?? []).map(({ person, keyHash }) => [requireId('per', person), keyHash] as const)]);
  // Copies, so that locking the old object does not wipe the new one.
  const contents = { identitySeed: before.identitySeed.slice(), signSeed: before.signSeed.slice(), account: before.account.slice(), slots, pins };
  const version = keyring.version + 1;
  const bytes = await sealToPersons('keyring', slots.map((slot) => slot.recipient), encode(keyring.person, contents, version));
  return { keyring: await UnlockedKeyring.fromContents(keyring.person, contents, version), version, bytes };
}

function changedSlots(before: readonly StoredSlot[], { add = [], remove = [], rename = [], recovery, at }: KeyringChange): StoredSlot[] {
  if ([...remove, ...rename.map(({ id }) => id)].some((id) => !before.some((slot) => slot.id === id))) throw new NoSuchSlot();
  const added = [...add.map((slot) => storedSlot(slot, at)), ...(recovery ? [planSlot(recovery, at)] : [])];
  const isKept = ({ id, kind }: StoredSlot) => !remove.includes(id) && (recovery === undefined || kind !== 'recovery');
  const named = (slot: StoredSlot) => ({ ...slot, label: rename.find(({ id }) => id === slot.id)?.label ?? slot.label });
  const slots = [...before.filter(isKept).map(named), ...added];
  if (new Set(slots.map((slot) => slot.id)).size !== slots.length) throw new NoSuchSlot();
  if (slots.every(({ kind }) => kind === 'passkey' || kind === 'link' || kind === 'recovery')) throw new PasskeyOnly();
  return slots;
}

function storedSlot({ slot, label, id = makeId('slt') }: NewSlot, at?: Date): StoredSlot {
  return { id: requireId('slt', id), kind: slot.kind, label, made: timeText(at), login: slot.loginKey, recipient: slotRecipientOf(slot) };
}

/** Nobody signs in with it: it has no login key. */
function planSlot(plan: AcceptedPlan, at?: Date): StoredSlot {
  return { id: makeId('slt', at?.getTime()), kind: 'recovery', label: labelOfPlan(plan), made: timeText(at), login: '', recipient: plan.recipient };
}

/**
 * For recovery.ts only: somebody's keyring, sealed to the plan and their new link. Nothing else of before opens it, not even a password; they make a
 * way of their own with the link. Hence the one keyring without password or kit.
 */
export function sealRecovered(keyring: UnlockedKeyring, link: NewSlot, plan: AcceptedPlan, at?: Date): Promise<SealedKeyring> {
  return sealWith(keyring, [planSlot(plan, at), storedSlot(link, at)], {});
}

function encode(person: string, contents: Contents, version: number): Bytes {
  const { identitySeed, signSeed, account, slots, pins } = contents;
  const seeds = { identity: identityText(identitySeed), sign: b64u(signSeed), account: b64u(account) };
  return utf8(JSON.stringify({ v: 1, person, ...seeds, slots, version, pins: Object.fromEntries(pins) }));
}

export interface KeyringExpectation {
  /** Who it must belong to; unknown only when a kit signs in on a new browser. */
  readonly person?: string;
  /** The key hash that this device has pinned for its own person. */
  readonly keyHash?: string;
  /** The key hash that another device of this person showed in a link. */
  readonly linked?: string;
  /** The highest version that this device has seen. */
  readonly version?: number;
}

/** Opens a keyring with a slot, and refuses one that is not what this device knows. */
export async function openKeyring(file: Bytes, slot: UnlockSlot, expected: KeyringExpectation): Promise<UnlockedKeyring> {
  return openKeyringWith(slotSeedOf(slot), file, expected).catch((error: unknown) => {
    throw error instanceof CannotOpen ? new SlotDoesNotOpen() : error;
  });
}

/** For this folder only: the same with a seed. @throws {@link CannotOpen} */
export async function openKeyringWith(seed: Bytes, file: Bytes, expected: KeyringExpectation): Promise<UnlockedKeyring> {
  const plaintext = await openAsPerson('keyring', seed, file);
  const fields = parseFields(plaintext, 'keyring');
  requireVersion1(fields, 'keyring');
  const version = countField(fields, 'version', 'keyring', 1);
  const keyring = await UnlockedKeyring.fromContents(textField(fields, 'person', 'keyring'), decode(fields), version);
  if (expected.person !== undefined && expected.person !== keyring.person) throw new KeyringOfAnother();
  if (expected.keyHash !== undefined && !equalText(expected.keyHash, keyring.keyHash)) throw new KeyringSwapped();
  if (expected.linked !== undefined && !equalText(expected.linked, keyring.keyHash)) throw new LinkKeysDiffer();
  if (expected.version !== undefined && version < expected.version) throw new KeyringRolledBack(expected.version, version);
  return keyring;
}

function decode(fields: Fields): Contents {
  const seed = (name: string) => fromB64u(textField(fields, name, 'keyring'), 'keyring', 32);
  const { slots, pins } = fields;
  if (!Array.isArray(slots) || !isFields(pins)) throw new Malformed('keyring');
  return {
    identitySeed: seedOfIdentity(textField(fields, 'identity', 'keyring')),
    signSeed: seed('sign'),
    account: seed('account'),
    slots: slots.map(decodeSlot),
    pins: new Map(Object.keys(pins).map((person) => [person, textField(pins, person, 'keyring')])),
  };
}

/** For this folder only. @throws {@link Malformed} */
export function seedOfIdentity(identity: string): Bytes {
  try {
    return ownBytes(bech32.decodeToBytes(identity).bytes);
  } catch {
    throw new Malformed('keyring');
  }
}

function decodeSlot(slot: unknown): StoredSlot {
  if (!isFields(slot)) throw new Malformed('keyring');
  const text = (name: string) => textField(slot, name, 'keyring');
  return { id: text('id'), kind: text('kind') as SlotKind, label: text('label'), made: text('made'), login: text('login'), recipient: text('recipient') };
}
