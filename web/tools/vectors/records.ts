/** Vectors about records: padding, plaintext and signature. */
import { b64u, concat, sha256, utf8 } from '../../src/lib/crypto/bytes';
import { padmeLength } from '../../src/lib/crypto/padme';
import { hashFile, padded } from '../../src/lib/crypto/record';
import { sealToSecret } from '../../src/lib/crypto/secret';
import { SigningKey } from '../../src/lib/crypto/signing';
import { withTypeLine } from '../../src/lib/crypto/typeline';
import { AT, fill, fixedId, hex, type Vector } from './shape';

export async function padmeVectors(): Promise<Vector[]> {
  const lengths = [0, 1, 255, 256, 257, 500, 1000, 4095, 4096, 4097, 65_537, 1_000_000, 2 ** 31 - 1, 2 ** 31 + 1, 1_100_000_000_000];
  return lengths.map((length) => ({ name: `${length} bytes`, inputs: { length }, outputs: { padded: padmeLength(length) } }));
}

export async function recordVectors(): Promise<Vector[]> {
  const key = await SigningKey.fromSeed(fill(11));
  const place = { space: `spc_${b64u(fill(70))}`, epoch: 3, id: fixedId('rec', 7), rev: 2, prev: b64u(fill(71)), kind: 'message' };
  const header = { v: 1, ...place, author: fixedId('per', 1), dev: fixedId('dev', 1), seq: 9, open: [[3, 3], [6, 8]], ts: AT.toISOString(), len: 0, roster: b64u(fill(72)), dir: b64u(fill(73)) };
  const bodies = ['{"text":"Bis Dienstag – alles Gute!","about":null}', '', `{"text":"${'long '.repeat(300)}","about":null}`];
  const vectors: Vector[] = [];
  // One after the other: the fixed stream of random bytes must be drawn from in one order.
  for (const [i, text] of bodies.entries()) {
    const body = utf8(text);
    const headerText = JSON.stringify({ ...header, len: body.length });
    const message = concat(utf8('alcove-record/1\0'), await sha256(utf8(headerText)), await sha256(body));
    const signature = await key.sign(message);
    const content = padded(concat(utf8(`${b64u(utf8(headerText))}\n${signature}\n`), body));
    const plaintext = withTypeLine('record', content);
    const file = await sealToSecret('record', fill(74), content);
    const inputs = { header: headerText, body: text, sign_seed: b64u(fill(11)), epoch_secret: b64u(fill(74)) };
    const signed = { message_hex: hex(message), sign: key.publicKey, signature };
    vectors.push({ name: `record ${i}`, inputs, outputs: { ...signed, plaintext: b64u(plaintext), padded: plaintext.length, age: b64u(file), hash: await hashFile(file) } });
  }
  return vectors;
}
