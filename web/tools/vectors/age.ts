/** Stored age files: those that must open for ever, and headers that must be refused. */
import { Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { b64u, utf8, utf8Text } from '../../src/lib/crypto/bytes';
import { changeKeyring } from '../../src/lib/crypto/keyring';
import { Kit } from '../../src/lib/crypto/kit';
import { deriveRecipient, openAsPerson, sealToPersons } from '../../src/lib/crypto/hybrid';
import { sealToSecret } from '../../src/lib/crypto/secret';
import { deriveKitSlot } from '../../src/lib/crypto/slots';
import { typeLine } from '../../src/lib/crypto/typeline';
import { AT, fill, fixedId, fixedPerson, type Vector } from './shape';

export async function ageVectors(): Promise<Vector[]> {
  const recipients = await Promise.all([20, 30].map((n) => deriveRecipient(fill(n))));
  const toOne = await sealToPersons('grant', recipients.slice(0, 1), utf8('to one\n'));
  const toTwo = await sealToPersons('grant', recipients, utf8('to two\n'));
  const toSecret = await sealToSecret('draft', fill(80), utf8('{"doc":1}'));
  const opened: Vector[] = [
    { name: 'to one person', inputs: { identity_seed: b64u(fill(20)), age: b64u(toOne) }, outputs: { plaintext: 'alcove-grant/1\nto one\n' } },
    { name: 'to two persons, the second', inputs: { identity_seed: b64u(fill(30)), age: b64u(toTwo) }, outputs: { plaintext: 'alcove-grant/1\nto two\n' } },
    { name: 'to a secret', inputs: { secret: b64u(fill(80)), age: b64u(toSecret) }, outputs: { plaintext: 'alcove-draft/1\n{"doc":1}' } },
    await keyringVector(),
  ];
  return [...opened, ...(await refusedFiles(toOne, toSecret, recipients[0] as string))];
}

async function keyringVector(): Promise<Vector> {
  const kit = await deriveKitSlot(new Kit('personal', fill(43)));
  const { bytes } = await changeKeyring(await fixedPerson(1), { add: [{ slot: kit, label: 'Kit', id: fixedId('slt', 1) }], at: AT });
  const body = utf8Text(await openAsPerson('keyring', fill(43), bytes), 'keyring');
  return { name: 'keyring, opened by a kit', inputs: { identity_seed: b64u(fill(43)), age: b64u(bytes) }, outputs: { plaintext: `${utf8Text(typeLine('keyring'), '')}${body}` } };
}

/** What a server could send instead; the first refusal names what is wrong. */
async function refusedFiles(toOne: Uint8Array, toSecret: Uint8Array, recipient: string): Promise<Vector[]> {
  const bent = (file: Uint8Array, change: (text: string) => string) => b64u(Uint8Array.from(Buffer.from(change(Buffer.from(file).toString('latin1')), 'latin1')));
  const mixed = new Encrypter();
  mixed.addRecipient(recipient);
  mixed.addRecipient(await identityToRecipient(await generateX25519Identity()));
  const classic = b64u((await mixed.encrypt('alcove-grant/1\nx')) as Uint8Array);
  const secret = { secret: b64u(fill(80)) };
  const person = { identity_seed: b64u(fill(20)) };
  const factor = (to: string) => bent(toSecret, (text) => text.replace(/^(-> scrypt \S+ )1$/m, `$1${to}`));
  const doubled = bent(toSecret, (text) => text.replace(/^(-> scrypt .*\n.*\n)/m, '$1$1'));
  return [
    { name: 'work factor 20', inputs: { ...secret, age: factor('20') }, outputs: { error: 'RaisedWorkFactor' } },
    { name: 'work factor 01', inputs: { ...secret, age: factor('01') }, outputs: { error: 'RaisedWorkFactor' } },
    { name: 'two scrypt stanzas', inputs: { ...secret, age: doubled }, outputs: { error: 'OddHeader' } },
    { name: 'a person’s file served as a secret’s', inputs: { ...secret, age: b64u(toOne) }, outputs: { error: 'OddHeader' } },
    { name: 'a secret’s file served as a person’s', inputs: { ...person, age: b64u(toSecret) }, outputs: { error: 'OddHeader' } },
    { name: 'a classic recipient mixed in', inputs: { ...person, age: classic }, outputs: { error: 'OddHeader' } },
    { name: 'an X25519 share of zeros', inputs: { ...person, age: bent(toOne, zeroShare) }, outputs: { error: 'LowOrderPoint' } },
    { name: 'carriage returns', inputs: { ...person, age: bent(toOne, (text) => text.replace('\n', '\r\n')) }, outputs: { error: 'OddHeader' } },
  ];
}

/** The last 32 of the share's 1120 bytes are the X25519 point. */
function zeroShare(text: string): string {
  return text.replace(/(mlkem768x25519 )(\S+)/, (_, tag: string, share: string) => {
    const bytes = Buffer.from(share, 'base64');
    bytes.fill(0, 1088);
    return tag + bytes.toString('base64').replace(/=+$/, '');
  });
}
