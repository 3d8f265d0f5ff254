/** A server that swaps keyrings, rewrites the directory, rolls itself back or declares a restore. */
import { beforeAll, describe, expect, test } from 'vitest';
import { b64u, fromB64u, makeRandom, utf8 } from '../bytes';
import {
  appendLeaf,
  changeKeyring,
  compareAnchor,
  deriveKitSlot,
  deriveLeafHash,
  EMPTY_DIRECTORY,
  expectInDirectory,
  expectKeys,
  followDirectory,
  loginMessage,
  makeId,
  makeKeyring,
  makeRestoreStatement,
  openKeyring,
  readKeyStatement,
  readRestoreStatement,
  type Anchor,
  type DirectoryLeaf,
  type RestoreFacts,
} from '../index';
import { signStatement } from '../signed';
import { signerOf } from '../keyring';
import { isSignedBy } from '../signing';
import { tampered } from './forge';
import { Server } from './server';
import { Device, refusal } from './world';

let server: Server, owner: Device, client: Device;
beforeAll(async () => {
  server = new Server();
  [owner, client] = [await Device.of(server), await Device.of(server)];
});

describe('the keyring', () => {
  test('of another, with other keys, or from before a change', async () => {
    const slot = await deriveKitSlot(client.kit);
    const { person, keyHash } = client.keyring;
    const open = (bytes = client.sealed.bytes, more = {}) => refusal(openKeyring(bytes, slot, { person, keyHash, ...more }));
    expect(await open(server.keyring(owner.person))).toBe('SlotDoesNotOpen');
    // Even a server that somehow learned the slot's recipient gains nothing on a device with a pin.
    const forged = async (whose?: string) => (await changeKeyring(await makeKeyring(whose), { add: [{ slot, label: 'Kit' }] })).bytes;
    expect(await open(await forged(person))).toBe('KeyringSwapped');
    expect(await open(await forged())).toBe('KeyringOfAnother');
    expect(await open(client.sealed.bytes, { version: 2 })).toBe('KeyringRolledBack');
    expect(await open(client.sealed.bytes, { version: 1 })).toBe('accepted');
  });
});

describe('a contact’s keys', () => {
  test('swapped against the pin, or a statement bent', async () => {
    const statement = await client.keyring.makeKeyStatement();
    const swapped = { ...(await Device.of(server)).keyring.keys, person: client.person };
    await expectKeys(client.keyring.keys, client.keyring.keyHash);
    expect(await refusal(expectKeys(swapped, client.keyring.keyHash))).toBe('KeyChanged');
    const pinned = await changeKeyring(owner.keyring, { pin: [{ person: client.person, keyHash: client.keyring.keyHash }] });
    expect(pinned.keyring.pinOf(client.person)).toBe(client.keyring.keyHash);
    expect(() => pinned.keyring.expectPinned(client.person, owner.keyring.keyHash)).toThrow(expect.objectContaining({ name: 'KeyChanged' }));
    expect(await refusal(readKeyStatement(tampered(statement, { recipient: swapped.recipient })))).toBe('BadSignature');
    expect(await refusal(readKeyStatement(tampered(statement, { sign: swapped.sign })))).toBe('BadSignature');
    expect(await refusal(readKeyStatement(await signStatement('grant', { v: 1, ...client.keyring.keys }, signerOf(client.keyring))))).toBe('BadSignature');
    expect((await readKeyStatement(statement)).keyHash).toBe(client.keyring.keyHash);
  });

  test('a classic or a weak key in a statement that is signed well', async () => {
    const signed = (fields: object) => signStatement('directory', { v: 1, ...client.keyring.keys, ts: 'x', ...fields }, signerOf(client.keyring));
    expect(await refusal(readKeyStatement(await signed({ recipient: 'age1wa8vj2jzl0grk4qtv5kldn34f5q38qfzh8mmcts03sdmjx0v7vxq0p3y2t' })))).toBe('ClassicRecipient');
    expect(await refusal(readKeyStatement(await signed({ recipient: client.keyring.keys.recipient.toUpperCase() })))).toBe('ClassicRecipient');
    expect(await refusal(readKeyStatement(await signed({ sign: b64u(new Uint8Array(32)) })))).toBe('LowOrderPoint');
    expect(await refusal(readKeyStatement(await signed({ person: 'per_1' })))).toBe('BadId');
  });
});

describe('the directory', () => {
  const tag = b64u(makeRandom(16));
  const leaf = async (text: string, of = b64u(makeRandom(16))): Promise<DirectoryLeaf> => ({ tag: of, hash: await deriveLeafHash(makeRandom(16), text) });
  const follow = async (leaves: DirectoryLeaf[], claimedLeaves: DirectoryLeaf[], hashes: string[] = []) => {
    let head = EMPTY_DIRECTORY.head;
    for (const each of claimedLeaves) head = await appendLeaf(head, each);
    return refusal(followDirectory(EMPTY_DIRECTORY, { leaves, claimed: { size: claimedLeaves.length, head }, own: { tag, hashes } }));
  };

  test('a leaf under one’s own tag that one did not make', async () => {
    const [mine, foreign, other] = [await leaf('mine', tag), await leaf('foreign', tag), await leaf('other')];
    expect(await follow([other, mine], [other, mine], [mine.hash])).toBe('accepted');
    expect(await follow([other, mine, foreign], [other, mine, foreign], [mine.hash])).toBe('ForeignLeaf');
  });

  test('leaves hidden, swapped or rewritten', async () => {
    const [a, b, c] = [await leaf('a'), await leaf('b'), await leaf('c')];
    expect(await follow([a, b], [a, b, c])).toBe('DirectoryForked');
    expect(await follow([b, a], [a, b])).toBe('DirectoryForked');
    expect(await follow([a, c], [a, b])).toBe('DirectoryForked');
  });

  test('a statement that is not the one everybody sees', async () => {
    const salt = makeRandom(16);
    const good = { tag, hash: await deriveLeafHash(salt, 'statement') };
    await expectInDirectory('statement', salt, good);
    expect(await refusal(expectInDirectory('another', salt, good))).toBe('StatementNotInDirectory');
  });
});

describe('anchors and restores', () => {
  const root = (n: number) => b64u(new Uint8Array(32).fill(n));
  const install = 'install';
  const pinned: Anchor = { install, timeline: 3, size: 10, root: root(10) };
  const facts: RestoreFacts = { install, abandoned: { timeline: 3, size: 12, root: root(12) }, restored: { size: 8, root: root(8) }, timeline: 4 };
  const compare = (offered: Partial<Anchor>, rootThen: string | null = null, statements: string[] = []) => {
    return refusal(compareAnchor(pinned, { offered: { ...pinned, ...offered }, rootThen, statements, owners: [owner.keyring.keys] }));
  };

  test('a lower timeline, fewer entries, another history, another installation', async () => {
    expect(await compare({})).toBe('accepted');
    expect(await compare({ size: 15, root: root(15) }, root(10))).toBe('accepted');
    expect(await compare({ timeline: 2, size: 99 })).toBe('LowerTimeline');
    expect(await compare({ size: 9, root: root(9) })).toBe('AnchorRolledBack');
    expect(await compare({ root: root(11) })).toBe('AnchorForked');
    expect(await compare({ size: 15, root: root(15) }, root(11))).toBe('AnchorForked');
    expect(await compare({ size: 15, root: root(15) }, null)).toBe('AnchorForked');
    expect(await compare({ install: 'other' })).toBe('OtherInstall');
    expect(await refusal(compareAnchor(null, { offered: pinned, rootThen: null, statements: [], owners: [] }))).toBe('accepted');
  });

  test('a restore without a statement, by somebody else, forged, or twice', async () => {
    const good = await makeRestoreStatement(owner.keyring, facts);
    const after = { timeline: 4, size: 9, root: root(99) };
    expect(await compare(after, root(8))).toBe('RestoreUnsigned');
    expect(await compare(after, root(8), [good])).toBe('accepted');
    expect(await compare(after, root(7), [good])).toBe('AnchorForked');
    expect(await compare({ ...after, size: 7 }, root(8), [good])).toBe('AnchorRolledBack');
    expect(await compare(after, root(8), [await makeRestoreStatement(client.keyring, facts)])).toBe('RestoreNotByOwner');
    expect(await compare(after, root(8), [tampered(good, { restored: { size: 1, root: root(1) } })])).toBe('RestoreNotByOwner');
    const second = await makeRestoreStatement(owner.keyring, { ...facts, restored: { size: 2, root: root(2) } });
    expect(await compare(after, root(8), [good, second])).toBe('RestoreReplayed');
    // An old statement does not excuse the next restore.
    expect(await compare({ timeline: 5, size: 9, root: root(99) }, root(8), [good])).toBe('RestoreUnsigned');
    expect(await compare(after, root(8), [await makeRestoreStatement(owner.keyring, { ...facts, install: 'other' })])).toBe('RestoreUnsigned');
  });

  test('a statement that skips a timeline', async () => {
    const skipping = await makeRestoreStatement(owner.keyring, { ...facts, timeline: 6 });
    expect(await refusal(readRestoreStatement(skipping, [owner.keyring.keys]))).toBe('RestoreReplayed');
  });
});

describe('signing in', () => {
  test('a signature for one origin, person or challenge fits no other', async () => {
    const slot = await deriveKitSlot(client.kit);
    const honest = { origin: 'https://home.example', person: client.person, nonce: makeRandom(32) };
    const signature = await slot.signLogin(honest);
    const fits = (more: object) => isSignedBy(slot.loginKey, loginMessage({ ...honest, ...more }), signature);
    expect(await fits({})).toBe(true);
    expect(await fits({ origin: 'https://home.example.evil' })).toBe(false);
    expect(await fits({ person: makeId('per') })).toBe(false);
    expect(await fits({ nonce: makeRandom(32) })).toBe(false);
    expect(() => loginMessage({ ...honest, origin: 'https://home.example\nper_x' })).toThrow(expect.objectContaining({ name: 'Malformed' }));
    expect(await isSignedBy(slot.loginKey, utf8('x'), b64u(fromB64u(signature, 'x').subarray(1)))).toBe(false);
  });
});
