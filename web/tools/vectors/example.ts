/** The worked example of WIRE.md: kit → keyring → grant → record, as a member's export holds them. */
import { b64u, utf8, utf8Text } from '../../src/lib/crypto/bytes';
import { EMPTY_DIRECTORY } from '../../src/lib/crypto/directory';
import { epochSecretOf } from '../../src/lib/crypto/epoch';
import { openAsPerson } from '../../src/lib/crypto/hybrid';
import { changeKeyring } from '../../src/lib/crypto/keyring';
import { Kit } from '../../src/lib/crypto/kit';
import { sealRecord } from '../../src/lib/crypto/record';
import { deriveKitSlot } from '../../src/lib/crypto/slots';
import { makeSpace } from '../../src/lib/crypto/space';
import { AT, fill, fixedId, fixedPerson, type Vector } from './shape';

export async function exampleVectors(): Promise<Vector[]> {
  const person = await fixedPerson(1);
  const kit = new Kit('personal', fill(43));
  const add = [{ slot: await deriveKitSlot(kit), label: 'Kit', id: fixedId('slt', 1) }];
  const { keyring, bytes } = await changeKeyring(person, { add, at: AT });
  const { roster, keys, grants, entries } = await makeSpace(keyring, { kind: 'shared', role: 'practitioner', at: AT });
  const body = '{"text":"Session 4: boundary work","about":null}';
  const facts = { id: fixedId('rec', 1), rev: 1, prev: null, kind: 'message', dev: fixedId('dev', 1), seq: 1, open: [], dir: EMPTY_DIRECTORY.head } as const;
  const record = await sealRecord({ keyring, roster, keys }, { ...facts, body: utf8(body), at: AT });
  const labels = { practice: 'Harbour Coaching', personName: 'Ada Bell', origin: 'https://home.example', person: keyring.person };
  const [grant] = grants as [(typeof grants)[number]];
  const files = { 'kit.txt': kit.file(labels), 'keyring.age': b64u(bytes), 'grant.age': b64u(grant.bytes), 'record.age': b64u(record.bytes) };
  const plain = {
    keyring: `alcove-keyring/1\n${utf8Text(await openAsPerson('keyring', fill(43), bytes), 'keyring')}`,
    grant: `alcove-grant/1\n${utf8Text(await openAsPerson('grant', fill(10), grant.bytes), 'grant')}`,
  };
  const header = JSON.stringify({ v: 1, ...record.header });
  return [{ name: 'a member’s export', inputs: { ...files, entries }, outputs: { ...plain, epoch_secret: b64u(epochSecretOf(keys, 1)), header, body } }];
}
