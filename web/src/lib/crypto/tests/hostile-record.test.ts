/** A server that swaps, replays, re-files and hides records, and a member who helps it. */
import { beforeEach, describe, expect, test } from 'vitest';
import { b64u, concat, sha256, utf8, type Bytes } from '../bytes';
import { epochSecretOf } from '../epoch';
import type { Fields } from '../json';
import { signerOf } from '../keyring';
import { padded } from '../record';
import { openRecord, rotate, sealRecord, type Held, type Place, type SealedRecord } from '../index';
import { sealToSecret } from '../secret';
import type { Server } from './server';
import { Device, pair, refusal } from './world';

let server: Server, coach: Device, client: Device, space: string, record: SealedRecord, held: Held;
beforeEach(async () => {
  ({ server, coach, client, space } = await pair());
  record = await client.write(space, 'mine');
  held = await coach.follow(space);
});

const place = (more: Partial<Place> = {}): Place => ({ space, id: record.header.id, rev: 1, ...more });
const verdict = (file: Bytes, where = place(), who = held) => refusal(openRecord(file, where, who.roster, who.keys));

/** A record with header fields bent, signed by any member and sealed in any epoch. */
async function bent(by: Device, fields: Fields, epoch = held.roster.epoch, content = (bytes: Bytes): Bytes => padded(bytes)): Promise<Bytes> {
  const body = utf8('mine');
  const header = utf8(JSON.stringify({ v: 1, ...record.header, author: by.person, ...fields }));
  const signature = await signerOf(by.keyring).sign(concat(utf8('alcove-record/1\0'), await sha256(header), await sha256(body)));
  return sealToSecret('record', epochSecretOf(held.keys, epoch), content(concat(utf8(`${b64u(header)}\n${signature}\n`), body)));
}

describe('another record than the one asked for', () => {
  test('another id, an older revision, another kind', async () => {
    const other = await client.write(space, 'other');
    const second = await client.write(space, 'edited', { id: record.header.id, rev: 2, prev: record.hash });
    server.record = () => other.bytes;
    expect(await refusal(coach.read(record))).toBe('MisplacedRecord');
    server.record = () => record.bytes;
    expect(await refusal(coach.read(second))).toBe('MisplacedRecord');
    expect(await verdict(record.bytes, place({ kind: 'file' }))).toBe('MisplacedRecord');
  });

  test('a revision that follows another one', async () => {
    const second = await client.write(space, 'edited', { id: record.header.id, rev: 2, prev: record.hash });
    expect(await verdict(second.bytes, place({ rev: 2, prev: second.hash }))).toBe('RevisionOutOfOrder');
    expect(await verdict(second.bytes, place({ rev: 2, prev: record.hash }))).toBe('accepted');
    expect(await verdict(await bent(client, { rev: 2, prev: null }), place({ rev: 2 }))).toBe('RevisionOutOfOrder');
    expect(await verdict(record.bytes, place({ prev: record.hash }))).toBe('RevisionOutOfOrder');
  });

  test('that says of its numbers what no device writes', async () => {
    for (const open of [undefined, [[1, 1]], [[2, 1]], 'none']) expect(await verdict(await bent(client, { open, seq: 1 }))).toBe('Malformed');
    expect(await verdict(await bent(client, { open: [[1, 1]], seq: 3 }))).toBe('accepted');
  });

  test('sealed anew into another space or epoch by a member who holds both keys', async () => {
    const elsewhere = await client.found();
    const theirs = await client.follow(elsewhere);
    const stolen = await sealRecord(await client.follow(space), client.order(space, 'x'));
    expect(await verdict(stolen.bytes, { space: elsewhere, id: stolen.header.id, rev: 1 }, theirs)).toBe('CannotOpen');
    expect(await verdict(await bent(client, { space: elsewhere }), place())).toBe('MisplacedRecord');
    expect(await verdict(await bent(client, {}, 1))).toBe('RecordWrongEpoch');
    expect(await verdict(await bent(client, { epoch: 1 }, 1))).toBe('RecordWrongEpoch');
  });
});

describe('forged authors', () => {
  test('another member’s name, a stranger, a kind without the right', async () => {
    expect(await verdict(await bent(client, { author: coach.person }))).toBe('RecordBadSignature');
    const stranger = await Device.of(server);
    expect(await verdict(await bent(stranger, {}))).toBe('RecordAuthorNotAllowed');
    expect(await verdict(await bent(client, { kind: 'note' }))).toBe('RecordAuthorNotAllowed');
    // The right to make epochs is no right to a record of that name.
    expect(await verdict(await bent(client, { kind: 'epoch' }))).toBe('Malformed');
  });

  test('an honest header over another body', async () => {
    const swap = (content: Bytes) => padded(concat(content.subarray(0, -4), utf8('evil')));
    expect(await verdict(await bent(client, {}, held.roster.epoch, swap))).toBe('RecordBadSignature');
  });

  test('a roster that this device has not got', async () => {
    expect(await verdict(await bent(client, { roster: 'A'.repeat(43) }))).toBe('RecordUnknownHead');
    const all = server.roster(space);
    await coach.change(space, (mine) => rotate(mine, { last: { [client.id]: 1 } }));
    const later = await coach.write(space, 'later');
    server.roster = () => all;
    const lagging = await Device.of(server);
    const { roster } = held;
    const hint = { space, id: later.header.id, rev: 1, epoch: 4 };
    expect(await refusal(openRecord(later.bytes, hint, roster, held.keys))).toBe('EpochNotGranted');
    expect(await refusal(lagging.follow(space))).toBe('accepted');
  });
});

describe('closed epochs', () => {
  test('a record added after the close, by who still has the key', async () => {
    const stale = await client.follow(space);
    await coach.change(space, (mine) => rotate(mine, { last: { [client.id]: 1 } }));
    const late = await sealRecord(stale, client.order(space, 'late'));
    const now = await coach.follow(space);
    expect(await verdict(late.bytes, { space, id: late.header.id, rev: 1 }, now)).toBe('RecordAfterClose');
    expect(await verdict(record.bytes, place(), now)).toBe('accepted');
    const elsewhere = await sealRecord(stale, { ...client.order(space, 'new device'), dev: coach.id });
    expect(await verdict(elsewhere.bytes, { space, id: elsewhere.header.id, rev: 1 }, now)).toBe('RecordAfterClose');
    // The honest draft is sealed anew.
    expect(await coach.read(await client.write(space, 'late'))).toBe('late');
  });

  test('an epoch closed early: the author’s device finds its records left out', async () => {
    // The server hid the record from whoever rotated, so `last` misses it.
    await coach.change(space, (mine) => rotate(mine, { last: {} }));
    const { roster } = await client.follow(space);
    expect(() => roster.expectOwnRecordsKept(3, client.id, [1])).toThrow(expect.objectContaining({ name: 'EpochClosedEarly', seqs: [1] }));
    expect(() => roster.expectOwnRecordsKept(4, client.id, [1])).not.toThrow();
  });
});

describe('damaged contents', () => {
  const shaped = (shape: (content: Bytes) => Bytes) => bent(client, {}, held.roster.epoch, shape);

  test('padding that is short, long or not zero; lines that are missing', async () => {
    expect(await verdict(await shaped((content) => content))).toBe('BadPadding');
    expect(await verdict(await shaped((content) => concat(padded(content), new Uint8Array(1))))).toBe('BadPadding');
    const dirty = (content: Bytes) => {
      const out = padded(content);
      out[out.length - 1] = 1;
      return out;
    };
    expect(await verdict(await shaped(dirty))).toBe('BadPadding');
    expect(await verdict(await shaped(() => padded(utf8('no lines'))))).toBe('Malformed');
    expect(await verdict(await shaped(() => padded(utf8('e30\nx\n'))))).toBe('Malformed');
    expect(await verdict(await shaped(() => padded(utf8('***\nx\n'))))).toBe('Malformed');
    expect(await verdict(await bent(client, { v: 2 }))).toBe('Malformed');
    expect(await verdict(await bent(client, { seq: 0 }))).toBe('Malformed');
    expect(await verdict(await bent(client, { len: 1e9 }))).toBe('BadPadding');
  });

  test('a flipped bit anywhere', async () => {
    for (let at = 0; at < record.bytes.length; at += 37) {
      const flipped = record.bytes.slice();
      flipped[at]! ^= 1;
      expect(['CannotOpen', 'OddHeader', 'RaisedWorkFactor']).toContain(await verdict(flipped));
    }
    expect(await verdict(record.bytes.slice(0, -1))).toBe('CannotOpen');
  });
});
