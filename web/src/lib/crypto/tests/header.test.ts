/** Headers, points and type lines: whatever is not exactly what this protocol writes is refused before any key is used. */
import { base64nopad, bech32 } from '@scure/base';
import { Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { concat, fromB64u, makeRandom, utf8, type Bytes } from '../bytes';
import { readHeader } from '../header';
import { deriveRecipient, openAsPerson, requireHybrid, requirePersonsHeader, sealToPersons } from '../hybrid';
import { isLowEd25519, isLowX25519 } from '../points';
import { openWithSecret, requireSecretHeader, sealToSecret } from '../secret';
import { SigningKey } from '../signing';
import { afterTypeLine, withTypeLine, type FileType } from '../typeline';
import { refusal } from './world';

const secret = makeRandom(32);
const seed = makeRandom(32);
let toSecret: Bytes, toPerson: Bytes, recipient: string;
beforeAll(async () => {
  recipient = await deriveRecipient(seed);
  toSecret = await sealToSecret('record', secret, utf8('body'));
  toPerson = await sealToPersons('grant', [recipient], utf8('body'));
});

const text = (file: Uint8Array) => Buffer.from(file).toString('latin1');
const bytes = (latin1: string): Bytes => Uint8Array.from(Buffer.from(latin1, 'latin1'));
const named = (run: () => unknown): string => {
  try {
    run();
    return 'accepted';
  } catch (error) {
    return (error as Error).name;
  }
};

describe('a file to a secret', () => {
  const withFactor = (factor: string) => bytes(text(toSecret).replace(/^(-> scrypt \S+ )1$/m, `$1${factor}`));

  test('a raised or lowered work factor is refused in no time', async () => {
    for (const factor of ['20', '2', '10', '99999999999', '0', '-1', '01', '1.0', '1e0']) {
      expect(await refusal(openWithSecret('record', secret, withFactor(factor)))).toBe('RaisedWorkFactor');
    }
    expect(await refusal(openWithSecret('record', secret, toSecret))).toBe('accepted');
  });

  test('more or other recipients', async () => {
    const stanza = text(toSecret).match(/^-> scrypt .*\n.*\n/m)![0];
    expect(named(() => requireSecretHeader(bytes(text(toSecret).replace(stanza, stanza + stanza))))).toBe('OddHeader');
    expect(named(() => requireSecretHeader(bytes(text(toSecret).replace(stanza, ''))))).toBe('OddHeader');
    expect(named(() => requireSecretHeader(bytes(text(toSecret).replace('-> scrypt', '-> scrypt2'))))).toBe('OddHeader');
    expect(named(() => requireSecretHeader(toPerson))).toBe('OddHeader');
    expect(await refusal(openWithSecret('record', secret, toPerson))).toBe('OddHeader');
  });

  test('another secret', async () => {
    expect(await refusal(openWithSecret('record', makeRandom(32), toSecret))).toBe('CannotOpen');
    expect(await refusal(openWithSecret('record', makeRandom(31), toSecret))).toBe('Malformed');
  });
});

describe('a file to persons', () => {
  test('no classic recipient, alone or mixed in', async () => {
    const classic = await identityToRecipient(await generateX25519Identity());
    expect(await refusal(sealToPersons('grant', [classic], utf8('')))).toBe('ClassicRecipient');
    expect(await refusal(sealToPersons('grant', [recipient, classic], utf8('')))).toBe('ClassicRecipient');
    expect(await refusal(sealToPersons('grant', [], utf8('')))).toBe('OddHeader');
    const mixed = new Encrypter();
    mixed.addRecipient(recipient);
    mixed.addRecipient(classic);
    expect(await refusal(openAsPerson('grant', seed, (await mixed.encrypt('x')) as Bytes))).toBe('OddHeader');
    expect(await refusal(openAsPerson('grant', seed, toSecret))).toBe('OddHeader');
  });

  test('a recipient or share whose X25519 half contributes nothing', async () => {
    const key = bech32.fromWords(bech32.decode(recipient as `age1pq1${string}`, false).words);
    const weak = (low: Uint8Array) => bech32.encode('age1pq', bech32.toWords(concat(key.subarray(0, -32), low)), false);
    expect(named(() => requireHybrid(weak(new Uint8Array(32))))).toBe('LowOrderPoint');
    expect(named(() => requireHybrid(weak(new Uint8Array(32).fill(255, 0, 32).fill(0xec, 0, 1))))).toBe('LowOrderPoint');
    expect(named(() => requireHybrid(recipient.slice(0, -1) + (recipient.endsWith('q') ? 'p' : 'q')))).toBe('ClassicRecipient');
    const share = text(toPerson).match(/mlkem768x25519 (\S+)/)![1]!;
    const low = concat(base64nopad.decode(share).subarray(0, -32), new Uint8Array(32));
    expect(named(() => requirePersonsHeader(bytes(text(toPerson).replace(share, base64nopad.encode(low)))))).toBe('LowOrderPoint');
  });

  test('shares and wrapped keys of other lengths', () => {
    const share = text(toPerson).match(/mlkem768x25519 (\S+)/)![1]!;
    expect(named(() => requirePersonsHeader(bytes(text(toPerson).replace(share, share.slice(4)))))).toBe('OddHeader');
    expect(named(() => requirePersonsHeader(bytes(text(toPerson).replace(share, `${share} x`))))).toBe('OddHeader');
    expect(named(() => requirePersonsHeader(bytes(text(toPerson).replace(/(mlkem768x25519 \S+\n)\S+/, '$1AAAA'))))).toBe('OddHeader');
  });
});

describe('points of small order', () => {
  test('every Ed25519 torsion point, and no honest key', async () => {
    const y8 = ['c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'];
    const others = [`01${'00'.repeat(31)}`, `ec${'ff'.repeat(30)}7f`, '00'.repeat(32)];
    for (const hex of [...y8, ...others]) {
      const point = Uint8Array.from(Buffer.from(hex, 'hex'));
      expect(isLowEd25519(point)).toBe(true);
      point[31]! ^= 0x80;
      expect(isLowEd25519(point)).toBe(true);
    }
    const { publicKey } = await SigningKey.fromSeed(makeRandom(32));
    expect(isLowEd25519(fromB64u(publicKey, 'key'))).toBe(false);
  });

  test('u-coordinates with the ignored top bit set', () => {
    const one = new Uint8Array(32).fill(1, 0, 1);
    expect(isLowX25519(one)).toBe(true);
    expect(isLowX25519(one.fill(0x80, 31))).toBe(true);
    expect(isLowX25519(one.fill(9, 0, 1))).toBe(false);
  });
});

describe('property: nothing but an intact file opens', () => {
  const size = () => text(toSecret).indexOf('\n---') + 50;

  test('one byte of the header changed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const bent = toSecret.slice();
        bent[at % size()]! ^= change;
        return (await refusal(openWithSecret('record', secret, bent))) !== 'accepted';
      }),
      { numRuns: 150 },
    );
  });

  test('anything inserted or cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.uint8Array({ maxLength: 40 }), fc.nat({ max: 40 }), async (where, insert, cut) => {
        const at = where % toSecret.length;
        const bent = concat(toSecret.subarray(0, at), insert, toSecret.subarray(at + cut));
        if (text(bent) === text(toSecret)) return true;
        return (await refusal(openWithSecret('record', secret, bent))) !== 'accepted';
      }),
      { numRuns: 150 },
    );
  });

  test('arbitrary bytes are read as a header or refused by name, never worse', () => {
    const line = fc.oneof(fc.constant('age-encryption.org/v1'), fc.constant('-> scrypt AAAAAAAAAAAAAAAAAAAAAA 1'), fc.constant(`--- ${'A'.repeat(43)}`), fc.base64String(), fc.string());
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const name = named(() => readHeader(utf8(lines.join('\n'))));
        return name === 'accepted' || name === 'OddHeader';
      }),
      { numRuns: 400 },
    );
  });

  test('headers that age would write are read back', () => {
    const stanza = fc.record({ args: fc.array(fc.stringMatching(/^[!-~]{1,20}$/), { minLength: 1, maxLength: 4 }), body: fc.uint8Array({ maxLength: 120 }) });
    fc.assert(
      fc.property(fc.array(stanza, { maxLength: 5 }), (stanzas) => {
        const lines = stanzas.map(({ args, body }) => {
          const encoded = base64nopad.encode(body);
          const full = encoded.match(/.{64}/g) ?? [];
          return [`-> ${args.join(' ')}`, ...full, encoded.slice(full.length * 64)].join('\n');
        });
        const read = readHeader(utf8(['age-encryption.org/v1', ...lines, `--- ${'A'.repeat(43)}`, ''].join('\n')));
        expect(read.map(({ args, body }) => ({ args, body: [...body] }))).toEqual(stanzas.map(({ args, body }) => ({ args, body: [...body] })));
      }),
    );
  });

  test('a type line opens only as its own type', () => {
    const type = fc.constantFrom<FileType>('keyring', 'grant', 'pending-grant', 'record', 'file', 'draft');
    fc.assert(
      fc.property(type, type, fc.uint8Array(), (made, asked, body) => {
        const name = named(() => afterTypeLine(asked, withTypeLine(made, body)));
        return name === (made === asked ? 'accepted' : 'WrongType');
      }),
    );
  });
});
