/**
 * Roster entries as they are written: shapes, and a strict reading of them. Meaning and permission are in roster-rules.ts.
 */
import { fromB64u } from './bytes';
import { RosterEntryMalformed } from './errors/spaces';
import { requireHybrid } from './hybrid';
import type { PersonKeys } from './identity';
import { isId } from './ids';
import { isCount, isFields, type Fields } from './json';
import { hashStatement, UnverifiedStatement } from './signed';
import { requireSigningPublic } from './signing';
import { isTime } from './time';

export const SPACE_KINDS = ['shared', 'own', 'notebook', 'team'] as const;

export type SpaceKind = (typeof SPACE_KINDS)[number];

/** What a role may do: manage the roster, make epochs, write a kind of record, delete. */
export type Right = 'roster' | 'epoch' | 'note' | 'action' | 'message' | 'file' | 'welcome' | 'tombstone' | 'pins';

/** How a member's keys were confirmed. */
export type How = 'link' | 'words' | 'qr';

export interface EpochStep {
  readonly n: number;
  readonly prev: string | null;
  readonly commit: string;
  /** The last record of each device in the epoch that this one closes. Absent in genesis. */
  readonly last: ReadonlyMap<string, number>;
}

export interface GenesisStep {
  readonly op: 'genesis';
  readonly kind: SpaceKind;
  readonly nonce: string;
  readonly rights: ReadonlyMap<string, ReadonlySet<string>>;
  /** The founder's. */
  readonly role: string;
  readonly keys: PersonKeys;
  readonly epoch: EpochStep;
}

export interface InviteStep {
  readonly op: 'invite';
  readonly invite: string;
  readonly inviteKey: string;
  readonly role: string;
  readonly epochN: number;
  readonly expires: string;
  readonly coach: string;
}

export type Operation =
  | GenesisStep
  | InviteStep
  | { readonly op: 'epoch'; readonly epoch: EpochStep }
  | { readonly op: 'revoke'; readonly invite: string }
  | { readonly op: 'join'; readonly invite: string; readonly role: string; readonly keys: PersonKeys; readonly coach: string }
  | {
      readonly op: 'add';
      readonly role: string;
      readonly keys: PersonKeys;
      readonly how: How;
      readonly invite: string | null;
      /** When their place ends by itself; null where it does not. */
      readonly until: string | null;
    }
  | { readonly op: 'remove'; readonly person: string }
  | { readonly op: 'role'; readonly person: string; readonly role: string }
  | { readonly op: 'close' };

/** One entry of the chain, its signature not checked yet. */
export interface RosterEntry {
  readonly n: number;
  readonly space: string | null;
  readonly prev: string | null;
  readonly by: string;
  readonly ts: string;
  readonly operation: Operation;
  readonly hash: string;
  readonly statement: UnverifiedStatement;
}

/** Reads fields of one entry; each miss is a {@link RosterEntryMalformed} that names the field. */
class Reader {
  readonly #n: number;
  readonly fields: Fields;
  constructor(n: number, fields: Fields) {
    this.#n = n;
    this.fields = fields;
  }

  refuse(name: string): never {
    throw new RosterEntryMalformed(this.#n, name);
  }
  text(name: string): string {
    const value = this.fields[name];
    return typeof value === 'string' && value !== '' ? value : this.refuse(name);
  }
  textOrNull(name: string): string | null {
    return this.fields[name] === null ? null : this.text(name);
  }
  id(prefix: 'per' | 'inv', name: string): string {
    const value = this.fields[name];
    return isId(prefix, value) ? value : this.refuse(name);
  }
  time(name: string): string {
    const value = this.fields[name];
    return isTime(value) ? value : this.refuse(name);
  }
  timeOrNull(name: string): string | null {
    const value = this.fields[name];
    return value === undefined || value === null ? null : this.time(name);
  }
  count(name: string, least: number): number {
    const value = this.fields[name];
    return isCount(value, least) ? value : this.refuse(name);
  }
  hash(name: string): string {
    const text = this.text(name);
    try {
      fromB64u(text, name, 32);
    } catch {
      this.refuse(name);
    }
    return text;
  }
  inside(name: string): Reader {
    const value = this.fields[name];
    return isFields(value) ? new Reader(this.#n, value) : this.refuse(name);
  }
  /** Keys are checked here, once, so that nothing is ever sealed to a bad one. */
  keys(): PersonKeys {
    const keys = { person: this.id('per', 'person'), sign: this.text('sign'), recipient: this.text('recipient') };
    requireSigningPublic(keys.sign);
    requireHybrid(keys.recipient);
    return keys;
  }
}

function readEpoch(reader: Reader, isGenesis: boolean): EpochStep {
  const n = reader.count('n', 1);
  const commit = reader.hash('commit');
  if (isGenesis) return n === 1 && reader.fields.prev === null ? { n, prev: null, commit, last: new Map() } : reader.refuse('epoch');
  const last = new Map<string, number>();
  for (const [device, seq] of Object.entries(reader.inside('last').fields)) {
    if (!isId('dev', device) || !isCount(seq, 1)) reader.refuse('last');
    last.set(device, seq as number);
  }
  return { n, prev: reader.hash('prev'), commit, last };
}

function readRights(reader: Reader): Map<string, Set<string>> {
  const rights = new Map<string, Set<string>>();
  for (const [role, kinds] of Object.entries(reader.fields)) {
    if (!Array.isArray(kinds) || kinds.some((kind) => typeof kind !== 'string')) reader.refuse('rights');
    rights.set(role, new Set(kinds as string[]));
  }
  return rights;
}

function readGenesis(reader: Reader): Operation {
  const { members } = reader.fields;
  const [only, more] = Array.isArray(members) ? members : [];
  if (!isFields(only) || more !== undefined) return reader.refuse('members');
  const nonce = reader.text('nonce');
  const said = reader.text('kind');
  const kind = SPACE_KINDS.find((known) => known === said) ?? reader.refuse('kind');
  const member = new Reader(0, only);
  const rights = readRights(reader.inside('rights'));
  return { op: 'genesis', kind, nonce, rights, role: member.text('role'), keys: member.keys(), epoch: readEpoch(reader.inside('epoch'), true) };
}

function readHow(reader: Reader): How {
  const how = reader.text('how');
  return how === 'link' || how === 'words' || how === 'qr' ? how : reader.refuse('how');
}

function readOperation(reader: Reader): Operation {
  const op = reader.text('op');
  switch (op) {
    case 'genesis':
      return readGenesis(reader);
    case 'epoch':
      return { op, epoch: readEpoch(reader.inside('epoch'), false) };
    case 'invite': {
      const facts = { invite: reader.id('inv', 'invite'), inviteKey: reader.text('invite_key'), role: reader.text('role') };
      requireSigningPublic(facts.inviteKey);
      return { op, ...facts, epochN: reader.count('epoch', 1), expires: reader.time('expires'), coach: reader.hash('coach') };
    }
    case 'revoke':
      return { op, invite: reader.id('inv', 'invite') };
    case 'join':
      return { op, invite: reader.id('inv', 'invite'), role: reader.text('role'), keys: reader.keys(), coach: reader.hash('coach') };
    case 'add': {
      const invite = reader.fields.invite === null ? null : reader.id('inv', 'invite');
      return { op, role: reader.text('role'), keys: reader.keys(), how: readHow(reader), invite, until: reader.timeOrNull('until') };
    }
    case 'remove':
      return { op, person: reader.id('per', 'person') };
    case 'role':
      return { op, person: reader.id('per', 'person'), role: reader.text('role') };
    case 'close':
      return { op };
    default:
      return reader.refuse('op');
  }
}

/** Reads one entry; `n` is the place at which it was served, used to name what is wrong. */
export async function readEntry(text: string, n: number): Promise<RosterEntry> {
  let statement: UnverifiedStatement;
  try {
    statement = new UnverifiedStatement(text);
  } catch {
    throw new RosterEntryMalformed(n, 'not a statement');
  }
  const reader = new Reader(n, statement.fields);
  if (reader.fields.v !== 1) reader.refuse('v');
  const chain = { n: reader.count('n', 0), space: reader.textOrNull('space'), prev: reader.textOrNull('prev') };
  const head = { by: reader.id('per', 'by'), ts: reader.time('ts') };
  return { ...chain, ...head, operation: readOperation(reader), hash: await hashStatement(text), statement };
}
