/**
 * Records: sign, then encrypt. A body opens only where it was meant to be: in that space, as that record, revision and epoch, by an author who had
 * the right to it, while the epoch was open.
 */
import { b64u, concat, equalText, fromB64u, sha256, utf8, utf8Text, type Bytes } from './bytes';
import { epochSecretOf, type SpaceKeys } from './epoch';
import { BadPadding, CannotOpen, Malformed } from './errors/files';
import {
  MayNotWrite,
  MisplacedRecord,
  RecordAfterClose,
  RecordAfterEnd,
  RecordAuthorNotAllowed,
  RecordBadSignature,
  RecordUnknownHead,
  RecordWrongEpoch,
  RevisionOutOfOrder,
} from './errors/records';
import { AccessEnded, RotationPending, SpaceClosed } from './errors/spaces';
import { requireId } from './ids';
import { countField, parseFields, requireVersion1, textField } from './json';
import { signerOf } from './keyring';
import { readRanges, type Range } from './numbers';
import { padmeLength } from './padme';
import type { Roster } from './roster';
import { hasEnded } from './roster-state';
import { openWithSecret, sealToSecret } from './secret';
import { isSignedBy } from './signing';
import type { Held } from './space';
import { timeText } from './time';
import { typeLine } from './typeline';

const KINDS = ['note', 'action', 'message', 'file', 'welcome', 'tombstone', 'pins'] as const;

export type RecordKind = (typeof KINDS)[number];

export interface RecordHeader {
  readonly space: string;
  readonly epoch: number;
  readonly id: string;
  /** 1, 2, … */
  readonly rev: number;
  /** SHA-256 of the previous revision's age file, base64url; null for revision 1. */
  readonly prev: string | null;
  readonly kind: RecordKind;
  readonly author: string;
  readonly dev: string;
  /** Counts up per device and space, over all epochs. */
  readonly seq: number;
  readonly ts: string;
  /** Length of the body in bytes. */
  readonly len: number;
  /** Numbers below `seq` that the practice had not acknowledged to this device when it sealed: honest gaps. */
  readonly open: readonly Range[];
  /** Roster head that the author saw. */
  readonly roster: string;
  /** Directory head that the author saw. */
  readonly dir: string;
}

/** What the writer decides; space, epoch, author and roster follow from what they hold. */
export type RecordOrder = Pick<RecordHeader, 'id' | 'rev' | 'prev' | 'kind' | 'dev' | 'seq' | 'open' | 'dir'> & { readonly body: Bytes; readonly at?: Date };

export interface SealedRecord {
  readonly bytes: Bytes;
  /** SHA-256 of the age file, base64url: the next revision's `prev`. */
  readonly hash: string;
  readonly header: RecordHeader;
}

/** Where a record was asked for. */
export interface Place {
  readonly space: string;
  readonly id: string;
  readonly rev: number;
  readonly kind?: RecordKind | undefined;
  /** The hash of the revision before, where it is known. */
  readonly prev?: string | null | undefined;
  /** The server's word on the epoch: only a hint to find the key, the signed header decides. */
  readonly epoch?: number | undefined;
}

export interface OpenRecord {
  readonly header: RecordHeader;
  readonly body: Bytes;
  readonly hash: string;
}

async function messageOf(header: Bytes, body: Bytes): Promise<Bytes> {
  return concat(utf8('alcove-record/1\0'), await sha256(header), await sha256(body));
}

export async function hashFile(file: Bytes): Promise<string> {
  return b64u(await sha256(file));
}

/** Zero bytes that bring type line and content to their Padmé length. */
export function padded(content: Bytes): Bytes {
  const line = typeLine('record').length;
  const out = new Uint8Array(padmeLength(line + content.length) - line);
  out.set(content);
  return out;
}

/**
 * Seals a record in the current epoch.
 * @throws {@link MayNotWrite} @throws {@link AccessEnded} @throws {@link RotationPending} @throws {@link SpaceClosed}
 */
export async function sealRecord({ keyring, roster, keys }: Held, { body, at, ...facts }: RecordOrder): Promise<SealedRecord> {
  if (roster.closed) throw new SpaceClosed();
  // Sealing now would let somebody who left read on.
  if (roster.rotationPending) throw new RotationPending();
  const ts = timeText(at);
  const me = roster.member(keyring.person);
  if (me !== null && hasEnded(me, ts)) throw new AccessEnded();
  if (!roster.may(keyring.person, facts.kind, ts)) throw new MayNotWrite(facts.kind);
  const { id, rev, prev, kind, dev, seq, open, dir } = facts;
  if ((rev === 1) !== (prev === null)) throw new RevisionOutOfOrder();
  readRanges(open, seq, 'record');
  const place = { space: roster.space, epoch: roster.epoch, id: requireId('rec', id), rev, prev, kind };
  const header = { ...place, author: keyring.person, dev: requireId('dev', dev), seq, open, ts, len: body.length, roster: roster.head, dir };
  const bytes = utf8(JSON.stringify({ v: 1, ...header }));
  const signature = await signerOf(keyring).sign(await messageOf(bytes, body));
  const content = concat(utf8(`${b64u(bytes)}\n${signature}\n`), body);
  const file = await sealToSecret('record', epochSecretOf(keys, roster.epoch), padded(content));
  return { bytes: file, hash: await hashFile(file), header };
}

/**
 * Opens a record, if it is what was asked for and its author might write it.
 * @throws {@link MisplacedRecord} and everything in errors/records.ts
 */
export async function openRecord(file: Bytes, place: Place, roster: Roster, keys: SpaceKeys): Promise<OpenRecord> {
  const { epoch, plaintext } = await decrypt(file, place, keys);
  const { header, headerBytes, signature, body } = read(plaintext);
  expectPlace(header, place);
  if (header.epoch !== epoch) throw new RecordWrongEpoch();
  await expectAuthor(header, roster, headerBytes, body, signature);
  expectOpenEpoch(header, roster);
  return { header, body, hash: await hashFile(file) };
}

/** Tries the epoch that the server names, then the others from the newest. */
async function decrypt(file: Bytes, place: Place, keys: SpaceKeys): Promise<{ epoch: number; plaintext: Bytes }> {
  // A hint for an epoch that was not granted says so, instead of "does not open".
  if (place.epoch !== undefined && !keys.has(place.epoch)) epochSecretOf(keys, place.epoch);
  const newestFirst = keys.epochs.reverse();
  const order = place.epoch === undefined ? newestFirst : [place.epoch, ...newestFirst.filter((n) => n !== place.epoch)];
  for (const epoch of order) {
    try {
      return { epoch, plaintext: await openWithSecret('record', epochSecretOf(keys, epoch), file) };
    } catch (error) {
      if (!(error instanceof CannotOpen)) throw error;
    }
  }
  throw new CannotOpen('record');
}

function read(content: Bytes): { header: RecordHeader; headerBytes: Bytes; signature: string; body: Bytes } {
  const first = content.indexOf(10);
  const second = content.indexOf(10, first + 1);
  if (first < 0 || second < 0) throw new Malformed('record');
  const headerBytes = fromB64u(utf8Text(content.subarray(0, first), 'record'), 'record');
  const header = readHeaderFields(headerBytes);
  const body = content.subarray(second + 1, second + 1 + header.len);
  const rest = content.subarray(second + 1 + header.len);
  const line = typeLine('record').length;
  const isPadded = line + content.length === padmeLength(line + second + 1 + header.len) && rest.every((byte) => byte === 0);
  if (body.length !== header.len || !isPadded) throw new BadPadding('record');
  return { header, headerBytes, signature: utf8Text(content.subarray(first + 1, second), 'record'), body };
}

function readHeaderFields(bytes: Bytes): RecordHeader {
  const fields = parseFields(bytes, 'record');
  requireVersion1(fields, 'record');
  const text = (name: string) => textField(fields, name, 'record');
  const count = (name: string, least: number) => countField(fields, name, 'record', least);
  const seq = count('seq', 1);
  const prev = fields.prev === null ? null : text('prev');
  return {
    space: text('space'),
    epoch: count('epoch', 1),
    id: text('id'),
    rev: count('rev', 1),
    prev,
    kind: readKind(text('kind')),
    author: text('author'),
    dev: text('dev'),
    seq,
    open: readRanges(fields.open, seq, 'record'),
    ts: text('ts'),
    len: count('len', 0),
    roster: text('roster'),
    dir: text('dir'),
  };
}

/** Rights to the roster share the list of rights, but are no kinds of record. */
function readKind(text: string): RecordKind {
  const kind = KINDS.find((known) => known === text);
  if (!kind) throw new Malformed('record');
  return kind;
}

function expectPlace(header: RecordHeader, place: Place): void {
  for (const field of ['space', 'id', 'rev'] as const) {
    if (header[field] !== place[field]) throw new MisplacedRecord(field);
  }
  if (place.kind !== undefined && header.kind !== place.kind) throw new MisplacedRecord('kind');
  if ((header.rev === 1) !== (header.prev === null)) throw new RevisionOutOfOrder();
  const { prev } = place;
  if (prev === undefined) return;
  const follows = prev === null || header.prev === null ? prev === header.prev : equalText(prev, header.prev);
  if (!follows) throw new RevisionOutOfOrder();
}

/** The author, by the roster that they saw: a member then, with the right to that kind, and the signature by their key of then. */
async function expectAuthor(header: RecordHeader, roster: Roster, headerBytes: Bytes, body: Bytes, signature: string): Promise<void> {
  const n = roster.placeOf(header.roster);
  if (n === null) throw new RecordUnknownHead(header.roster);
  if (roster.closedAt !== null && n >= roster.closedAt) throw new SpaceClosed();
  const author = roster.memberAt(n, header.author);
  if (author === null || !roster.mayAt(n, header.author, header.kind)) throw new RecordAuthorNotAllowed(header.author, header.kind);
  // Whoever turns back their own clock still names the entries that they saw.
  const writtenAt = roster.timeAt(n) > header.ts ? roster.timeAt(n) : header.ts;
  if (hasEnded({ until: roster.endAt(n, header.author) }, writtenAt)) throw new RecordAfterEnd(header.author);
  if (!(await isSignedBy(author.sign, await messageOf(headerBytes, body), signature))) throw new RecordBadSignature();
  // An author seals in the epoch that is current in the roster they name; anything else would reach back past a removal.
  if (roster.epochAt(n) !== header.epoch) throw new RecordWrongEpoch();
}

/** Once an epoch is closed, it holds exactly the records that the closing entry counts. */
function expectOpenEpoch(header: RecordHeader, roster: Roster): void {
  const last = roster.epochs[header.epoch - 1]?.last;
  if (last && header.seq > (last.get(header.dev) ?? 0)) throw new RecordAfterClose();
}
