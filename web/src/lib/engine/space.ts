/**
 * One space as this device holds it: the verified roster, the epoch keys, and what was opened with them. It fetches nothing and stores nothing
 * (sync.ts and writing.ts do); it answers who reads, who may write, and what the newest revisions are.
 */
import { drawTogether, missingBelow, openRecord, RecordCountTaken, RevisionOutOfOrder, type Bytes, type Held, type LastSeqs, type OpenRecord, type Range, type RecordHeader, type Roster, type SpaceKeys, type SpaceKind, type UnlockedKeyring } from '$lib/crypto';
import type { MemberSeen, RecordHead } from '$lib/api';
import { readContent, type Content } from './bodies';
import type { Core } from './core';
import type { AlarmView, SpaceView } from './types';
import { spaceView } from './views';

/** The row of a space in the local store. Everything in it is public to its members or sealed. */
export interface SpaceRow {
  readonly space: string;
  readonly kind: SpaceKind;
  readonly client: string | null;
  readonly entries: readonly string[];
  readonly grants: readonly Bytes[];
  readonly members: readonly MemberSeen[];
  /** How far `changes` was followed. */
  readonly cursor: number;
  readonly lastReadAt: string | null;
  readonly syncedAt: string | null;
  /** What was found missing or odd here and a person has looked at: it raises no alarm again. */
  readonly settled: readonly string[];
}

/** Numbers of a device, as `settled` holds them. */
export function evidenceOf(device: string, [from, to]: Range): string {
  return `numbers ${device} ${from} ${to}`;
}

/** The row of one revision. */
export interface RecordRow {
  readonly head: RecordHead;
  readonly bytes: Bytes;
}

/** A revision that opened. */
export interface Revision {
  readonly head: RecordHead;
  readonly opened: Pick<OpenRecord, 'header' | 'hash'>;
  readonly content: Content;
}

/** What this device has sealed and not sent yet, in plain, while unlocked. */
export interface Pending {
  readonly entry: string;
  readonly record: string;
  readonly rev: number;
  readonly hash: string;
  readonly content: Content;
  readonly at: string;
  readonly state: 'waiting' | 'sending' | 'refused' | 'conflict';
}

/** What one device wrote here, as far as it was opened. */
export interface Count {
  readonly author: string;
  readonly taken: Map<number, { readonly hash: string; readonly epoch: number }>;
  /** Of the highest number. */
  newest: RecordHeader;
}

export class Space {
  keys: SpaceKeys;
  roster: Roster;
  row: SpaceRow;
  /** Revisions by record, ascending. */
  readonly records = new Map<string, Revision[]>();
  /** Stored revisions whose epoch was not granted yet: record/rev. */
  readonly unopened = new Set<string>();
  /** By record, the newest. */
  readonly pending = new Map<string, Pending>();
  /** By device: whose it is, and which revision has each of its numbers. */
  readonly #counts = new Map<string, Count>();
  /** The hash of every revision that came, opened or not: record/rev. */
  readonly #served = new Map<string, string>();
  /** Directory heads that records name and nobody has looked for yet, with the newest record that names each. */
  readonly namedHeads = new Map<string, RecordHeader>();
  alarm: AlarmView | null = null;

  constructor(row: SpaceRow, roster: Roster, keys: SpaceKeys) {
    this.row = row;
    this.roster = roster;
    this.keys = keys;
  }

  get id(): string {
    return this.row.space;
  }
  get kind(): SpaceRow['kind'] {
    return this.row.kind;
  }
  get client(): string | null {
    return this.row.client;
  }

  held(keyring: UnlockedKeyring): Held {
    return { keyring, roster: this.roster, keys: this.keys };
  }

  newest(record: string): Revision | null {
    return this.records.get(record)?.at(-1) ?? null;
  }

  nameOf(person: string): string {
    return this.row.members.find((member) => member.person === person)?.name ?? 'Somebody who left';
  }

  /**
   * Another body was opened for this revision.
   * @param isRestored a restore may have lost a revision and let another take its place; never that of a deletion
   */
  contradicts(head: Pick<RecordHead, 'record' | 'rev' | 'hash'>, isRestored: boolean): boolean {
    const other = this.#otherThan(head);
    return other !== undefined && (!isRestored || other.content.kind === 'tombstone');
  }

  #otherThan({ record, rev, hash }: Pick<RecordHead, 'record' | 'rev' | 'hash'>): Revision | undefined {
    return this.records.get(record)?.find(({ head, opened }) => head.rev === rev && opened.hash !== hash);
  }

  /** The numbers whose revisions these replace, after a restore: they never come back. */
  replacedBy(heads: readonly Pick<RecordHead, 'record' | 'rev' | 'hash'>[]): { readonly device: string; readonly seq: number }[] {
    return heads.flatMap((head) => {
      const header = this.#otherThan(head)?.opened.header;
      return header ? [{ device: header.dev, seq: header.seq }] : [];
    });
  }

  /** Every device that wrote here. */
  get counts(): ReadonlyMap<string, Count> {
    return this.#counts;
  }

  /** The highest number of a device that was opened here. */
  highestCount(device: string): number {
    return this.#counts.get(device)?.newest.seq ?? 0;
  }

  /** Whether a revision with this number of a device was opened here. */
  hasNumber(device: string, seq: number): boolean {
    return this.#counts.get(device)?.taken.has(seq) ?? false;
  }

  /**
   * The numbers of one's own device that the practice has not acknowledged, as a header names them: those not sent, never used, or left out by the
   * closing of an epoch.
   */
  openNumbers(device: string, below: number): Range[] {
    const taken = [...(this.#counts.get(device)?.taken ?? [])];
    return drawTogether(missingBelow(below, taken.filter(([seq, { epoch }]) => !this.isLeftOut(device, epoch, seq)).map(([seq]) => seq)));
  }

  /** Whether the closing of that epoch left this number out. */
  isLeftOut(device: string, epoch: number, seq: number): boolean {
    const last = this.roster.epochs[epoch - 1]?.last;
    return last != null && seq > (last.get(device) ?? 0);
  }

  /** A device counts its records, each once, and belongs to one person: else a number that was left free could be filled after a close. */
  #expectCount(header: RecordHeader, hash: string): void {
    const { dev, seq, author, epoch } = header;
    const known = this.#counts.get(dev) ?? { author, taken: new Map<number, { hash: string; epoch: number }>(), newest: header };
    const taken = known.taken.get(seq);
    if (known.author !== author || (taken !== undefined && taken.hash !== hash)) throw new RecordCountTaken(dev, seq);
    known.taken.set(seq, { hash, epoch });
    if (known.newest.seq < seq) known.newest = header;
    this.#counts.set(dev, known);
  }

  /**
   * Opens one stored revision and takes it in. False where its epoch was not granted yet.
   * @throws refusals of lib/crypto: the revision is not shown
   */
  async take({ head, bytes }: RecordRow, isRestored = false): Promise<boolean> {
    const name = `${head.record}/${head.rev}`;
    const known = this.records.get(head.record) ?? [];
    if (known.some(({ opened }) => opened.hash === head.hash)) return true;
    if (this.contradicts(head, isRestored)) throw new RevisionOutOfOrder();
    this.#served.set(name, head.hash);
    if (!this.keys.has(head.epoch)) {
      this.unopened.add(name);
      return false;
    }
    const prev = head.rev === 1 ? null : this.#served.get(`${head.record}/${head.rev - 1}`);
    // The revision before it is kept from us.
    if (prev === undefined) throw new RevisionOutOfOrder();
    const opened = await openRecord(bytes, { space: this.id, id: head.record, rev: head.rev, epoch: head.epoch, prev }, this.roster, this.keys);
    this.#expectCount(opened.header, opened.hash);
    const content = readContent(opened.header.kind, opened.body);
    this.unopened.delete(name);
    const named = this.namedHeads.get(opened.header.dir);
    if (named === undefined || named.ts < opened.header.ts) this.namedHeads.set(opened.header.dir, opened.header);
    const revision = { head, opened: { header: opened.header, hash: opened.hash }, content };
    const after = [...known.filter(({ head: { rev } }) => rev !== head.rev), revision].sort((a, b) => a.head.rev - b.head.rev);
    this.records.set(head.record, after);
    return true;
  }

  /** Highest sequence number per device in the current epoch: what the entry that closes it states. */
  lastSeqs(): LastSeqs {
    const last: Record<string, number> = {};
    for (const { opened: { header } } of [...this.records.values()].flat()) {
      if (header.epoch === this.roster.epoch) last[header.dev] = Math.max(last[header.dev] ?? 0, header.seq);
    }
    return last;
  }

  /** Sequence numbers of this device that the server has stored in an epoch. */
  storedSeqs(epoch: number, device: string): number[] {
    const mine = [...this.records.values()].flat().filter(({ opened: { header } }) => header.epoch === epoch && header.dev === device);
    return mine.map(({ opened: { header } }) => header.seq);
  }

  view(core: Core): SpaceView {
    return spaceView(core, this);
  }

  /** Wipes the keys and forgets what was opened. */
  lock(): void {
    this.keys.lock();
    this.records.clear();
    this.pending.clear();
    this.#counts.clear();
    this.#served.clear();
    this.namedHeads.clear();
  }
}
