/** Slots, kits, keyring, account secret, ids, padding: what a person touches. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { b64u, fromB64u, makeRandom } from '../bytes';
import {
  AccountSecret,
  changeKeyring,
  deriveKitSlot,
  deriveLinkSlot,
  derivePasskeySlot,
  derivePasswordSlot,
  deriveSafetyWords,
  isId,
  makeDeviceLink,
  isSpaceId,
  makeId,
  makeKeyring,
  makeKit,
  makePasswordSalt,
  openKeyring,
  readDeviceLink,
  readKit,
  type UnlockSlot,
} from '../index';
import { kitSeedOf } from '../kit';
import { padmeLength } from '../padme';
import { refusal } from './world';

const thrown = (run: () => unknown) => {
  try {
    run();
    return null;
  } catch (error) {
    return error as Error;
  }
};

describe('the keyring', () => {
  test('names a slot anew without touching what it opens, and refuses one that is not there', async () => {
    const kit = await deriveKitSlot(makeKit('personal'));
    const passkey = await derivePasskeySlot(makeRandom(32), makeId('per'));
    const first = await changeKeyring(await makeKeyring(), { add: [{ slot: kit, label: 'kit' }, { slot: passkey, label: 'Chrome on Mac' }] });
    const [, slot] = first.keyring.slots();
    const { keyring, bytes } = await changeKeyring(first.keyring, { rename: [{ id: slot?.id ?? '', label: 'MacBook' }] });
    expect(keyring.slots()).toEqual([first.keyring.slots()[0], { ...slot, label: 'MacBook' }]);
    const opened = await openKeyring(bytes, passkey, { person: keyring.person, keyHash: keyring.keyHash });
    expect(opened.slots()).toEqual(keyring.slots());
    expect(await refusal(changeKeyring(keyring, { rename: [{ id: makeId('slt'), label: 'x' }] }))).toBe('NoSuchSlot');
  });

  test('opens with every slot, not with a removed one, and never with passkeys alone', async () => {
    const fresh = await makeKeyring();
    const { person, account } = fresh;
    const salt = makePasswordSalt();
    const password = await derivePasswordSlot('correct horse battery', salt, account, person);
    const prf = makeRandom(32);
    const passkey = await derivePasskeySlot(prf, person);
    const kit = makeKit('personal');
    expect(await refusal(changeKeyring(fresh, { add: [{ slot: passkey, label: 'Phone' }] }))).toBe('PasskeyOnly');
    expect(await refusal(changeKeyring(fresh, {}))).toBe('PasskeyOnly');
    const add = [{ slot: password, label: 'Password' }, { slot: passkey, label: 'Phone' }, { slot: await deriveKitSlot(kit), label: 'Kit' }];
    const first = await changeKeyring(fresh, { add });
    const again: UnlockSlot[] = [await derivePasswordSlot('correct horse battery', salt, account, person), await derivePasskeySlot(prf, person), await deriveKitSlot(readKit('personal', kit.words().join(' ')))];
    for (const [i, slot] of again.entries()) {
      const opened = await openKeyring(first.bytes, slot, { person, keyHash: fresh.keyHash });
      expect(opened.slots().map(({ kind, login }) => [kind, login])[i]).toEqual([slot.kind, slot.loginKey]);
    }
    const removed = first.keyring.slots()[0]!.id;
    const second = await changeKeyring(first.keyring, { remove: [removed] });
    expect(await refusal(openKeyring(second.bytes, password, { person }))).toBe('SlotDoesNotOpen');
    expect(await refusal(openKeyring(second.bytes, passkey, { person }))).toBe('accepted');
    expect(await refusal(changeKeyring(second.keyring, { remove: [removed] }))).toBe('NoSuchSlot');
    expect([first.version, second.version]).toEqual([1, 2]);
  });

  test('a password derives nothing without the account secret or with another salt', async () => {
    const [a, b] = [await makeKeyring(), await makeKeyring()];
    const salt = makePasswordSalt();
    const key = async (account: AccountSecret, s = salt, password = 'paſsword twelve', person = a.person) => (await derivePasswordSlot(password, s, account, person)).loginKey;
    const mine = await key(a.account);
    expect(await key(AccountSecret.fromStorage(a.account.forStorage()))).toBe(mine);
    // NFKC: the long s of an old keyboard is an s.
    expect(await key(a.account, salt, 'password twelve')).toBe(mine);
    expect(await key(b.account)).not.toBe(mine);
    expect(await key(a.account, makePasswordSalt())).not.toBe(mine);
    expect(await key(a.account, salt, 'paſsword twelve', b.person)).not.toBe(mine);
    expect(await refusal(derivePasswordSlot('', salt, a.account, a.person))).toBe('EmptyPassword');
    expect(await refusal(derivePasswordSlot('x', makeRandom(8), a.account, a.person))).toBe('Malformed');
  });

  test('a link slot lets a new device in', async () => {
    const fresh = await makeKeyring();
    const secret = makeRandom(32);
    const add = [{ slot: await deriveKitSlot(makeKit('personal')), label: 'Kit' }, { slot: await deriveLinkSlot(secret), label: 'Link' }];
    const { bytes } = await changeKeyring(fresh, { add });
    expect((await openKeyring(bytes, await deriveLinkSlot(secret), {})).keyHash).toBe(fresh.keyHash);
  });

  test('a link names the keys that it opens, and nothing but a whole one is read', async () => {
    const [fresh, other] = [await makeKeyring(), await makeKeyring()];
    const link = makeDeviceLink(fresh.keyHash);
    const url = link.url('https://home.example');
    expect(url).toMatch(/^https:\/\/home\.example\/l#slt_[0-9a-z]{26}\.[\w-]{43}\.[\w-]{43}$/);
    const read = readDeviceLink(` ${url}\n`);
    expect([read.slot, read.keyHash, (await read.unlock()).loginKey]).toEqual([link.slot, fresh.keyHash, (await link.unlock()).loginKey]);
    for (const broken of [url.slice(0, -1), url.replace('#slt', '#inv'), `${url}.x`, 'hello', '']) expect(thrown(() => readDeviceLink(broken))?.name).toBe('DeviceLinkBroken');
    const add = [{ slot: await deriveKitSlot(makeKit('personal')), label: 'Kit' }, { slot: await link.unlock(), label: 'link', id: link.slot }];
    // A server that knew the slot's recipient and made a keyring of its own for it.
    const swapped = await changeKeyring(other, { add });
    expect(await refusal(openKeyring(swapped.bytes, await read.unlock(), { linked: read.keyHash }))).toBe('LinkKeysDiffer');
    const right = await changeKeyring(fresh, { add });
    expect((await openKeyring(right.bytes, await read.unlock(), { linked: read.keyHash })).keyHash).toBe(fresh.keyHash);
  });

  test('a locked keyring refuses, and a lock does not reach its successor', async () => {
    const fresh = await makeKeyring();
    const { keyring } = await changeKeyring(fresh, { add: [{ slot: await deriveKitSlot(makeKit('personal')), label: 'Kit' }] });
    fresh.lock();
    expect(await refusal(fresh.makeKeyStatement())).toBe('KeysLocked');
    expect(() => fresh.slots()).toThrow(expect.objectContaining({ name: 'KeysLocked' }));
    expect(await refusal(keyring.makeKeyStatement())).toBe('accepted');
    expect([fresh.locked, keyring.locked]).toEqual([true, false]);
  });

  test('nothing secret shows when an object is printed or serialised', async () => {
    const fresh = await makeKeyring();
    const kit = makeKit('personal');
    const seen = JSON.stringify([fresh, kit, await deriveKitSlot(kit), fresh.account]);
    expect(seen).not.toMatch(/SECRET|"sign":"[^"]{60,}"/);
    expect(seen).not.toContain(b64u(kitSeedOf(kit)));
    expect(fresh.account.forStorage().extractable).toBe(false);
  });

  test('an extractable key is no stored account secret', async () => {
    const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt']);
    expect(thrown(() => AccountSecret.fromStorage(key))?.name).toBe('Malformed');
    expect(thrown(() => AccountSecret.fromStorage({}))?.name).toBe('Malformed');
  });
});

describe('a kit', () => {
  const kit = makeKit('personal');
  const words = kit.words();
  const same = (typed: string) => expect(b64u(kitSeedOf(readKit('personal', typed)))).toBe(b64u(kitSeedOf(kit)));

  test('is read however it was typed', () => {
    same(words.join(' '));
    same(`  ${words.join('\n').toUpperCase()} `);
    same(words.map((word, i) => `${i + 1}. ${word},`).join('\n'));
    same(words.map((word) => word.slice(0, 4)).join(' '));
    same(kit.line());
    same(kit.line().toLowerCase().replace(/(.{8})/g, '$1 '));
    same(kit.file({ practice: 'Harbour', personName: 'Ada', origin: 'https://home.example', person: makeId('per') }));
    same(kit.file({ practice: 'A\r\nAGE-SECRET-KEY-1X', personName: '\u2028x', origin: '' }).replace(/\n/g, '\r\n'));
  });

  test('says what is wrong', () => {
    const name = (typed: string) => thrown(() => readKit('personal', typed));
    expect(name(words.with(6, 'abandom').join(' '))).toMatchObject({ name: 'KitUnknownWord', place: 7, word: 'abandom' });
    expect(name(words.slice(1).join(' '))).toMatchObject({ name: 'KitWordCount', count: 23 });
    expect(name('')).toMatchObject({ name: 'KitWordCount', count: 0 });
    const other = words[3] === 'zebra' ? 'zone' : 'zebra';
    expect(['KitWordsDoNotFit', undefined]).toContain(name(words.with(3, other).join(' '))?.name);
    const line = kit.line();
    expect(name(line.slice(0, -1))?.message).toMatch(/57 letters .* instead of 58/);
    expect(name(`${line.slice(0, 30)}B${line.slice(31)}`)?.message).toMatch(/“B” as letter/);
    const swapped = `${line.slice(0, -1)}${line.endsWith('Q') ? 'P' : 'Q'}`;
    expect(name(swapped)).toMatchObject({ name: 'KitLineBroken' });
    expect(name('AGE-SECRET-KEY-1QQQ')).toMatchObject({ name: 'NotAKit' });
    expect(name('age1pq1qqq')).toMatchObject({ name: 'NotAKit' });
  });

  test('a personal kit gives its recipient to nobody, a restore kit does', async () => {
    expect(await refusal(kit.recipient())).toBe('NotAKit');
    expect(await makeKit('restore').recipient()).toMatch(/^age1pq1/);
  });
});

test('ids are ordered by time and told apart by prefix', () => {
  const [early, late] = [makeId('rec', 1), makeId('rec', 2)];
  expect(early < late).toBe(true);
  expect([isId('rec', early), isId('per', early), isId('rec', early.toUpperCase()), isId('rec', `rec_8${'0'.repeat(25)}`)]).toEqual([true, false, false, false]);
  expect([isSpaceId(`spc_${'A'.repeat(43)}`), isSpaceId('spc_x')]).toEqual([true, false]);
});

test('safety words do not depend on who computes them', async () => {
  const [a, b] = [b64u(makeRandom(32)), b64u(makeRandom(32))];
  expect(await deriveSafetyWords(a, b)).toEqual(await deriveSafetyWords(b, a));
  expect(await deriveSafetyWords(a, b)).not.toEqual(await deriveSafetyWords(a, a));
});

test('property: Padmé lengths cover, never shrink, waste at most an eighth, and are stable', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 45 }), (length) => {
      const padded = padmeLength(length);
      const least = Math.max(length, 256);
      return padded >= least && padded <= least * 1.12 && padmeLength(padded) === padded && padmeLength(length + 1) >= padded;
    }),
  );
});

test('property: base64url is read strictly', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => [...fromB64u(b64u(bytes), 'x')].join() === [...bytes].join()));
  for (const bad of ['A', 'AB=', 'A+/A', 'AB', ' AAA', 'AAA\n']) expect(thrown(() => fromB64u(bad, 'x'))?.name).toBe('Malformed');
});
