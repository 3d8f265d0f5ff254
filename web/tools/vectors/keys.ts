/** Vectors about one person's keys. */
import { b64u, derive } from '../../src/lib/crypto/bytes';
import { AccountSecret } from '../../src/lib/crypto/account-secret';
import { appendLeaf, deriveLeafHash, EMPTY_DIRECTORY } from '../../src/lib/crypto/directory';
import { identityText } from '../../src/lib/crypto/hybrid';
import { deriveSafetyWords } from '../../src/lib/crypto/identity';
import { Kit, readKit } from '../../src/lib/crypto/kit';
import { DeviceLink } from '../../src/lib/crypto/link';
import { loginMessage } from '../../src/lib/crypto/login';
import { hashStatement, signStatement, type SignedKind } from '../../src/lib/crypto/signed';
import { SigningKey } from '../../src/lib/crypto/signing';
import { deriveKitSlot, deriveLinkSlot, derivePasskeyInput, derivePasskeySlot, derivePasswordSlot, slotRecipientOf, slotSeedOf, type UnlockSlot } from '../../src/lib/crypto/slots';
import { stretchPassword } from '../../src/lib/crypto/stretch';
import { AT, fill, fixedId, fixedPerson, hex, type Vector } from './shape';

export async function identityVectors(): Promise<Vector[]> {
  const vectors: Vector[] = [];
  for (const n of [1, 2, 3]) {
    const keyring = await fixedPerson(n);
    const inputs = { person: keyring.person, identity_seed: b64u(fill(10 * n)), sign_seed: b64u(fill(10 * n + 1)) };
    const outputs = { identity: identityText(fill(10 * n)), recipient: keyring.keys.recipient, sign: keyring.keys.sign, key_hash: keyring.keyHash };
    vectors.push({ name: `person ${n}`, inputs, outputs: { ...outputs, key_statement: await keyring.makeKeyStatement(AT) } });
  }
  return vectors;
}

export async function statementVectors(): Promise<Vector[]> {
  const key = await SigningKey.fromSeed(fill(11));
  const kinds: SignedKind[] = ['roster', 'directory', 'grant', 'join', 'restore', 'approval', 'backup', 'recovery'];
  return Promise.all(
    kinds.map(async (kind) => {
      const payload = { v: 1, text: `a ${kind} – with ünicode` };
      const statement = await signStatement(kind, payload, key);
      const inputs = { kind, payload: JSON.stringify(payload), sign_seed: b64u(fill(11)) };
      return { name: kind, inputs, outputs: { sign: key.publicKey, statement, hash: await hashStatement(statement) } };
    }),
  );
}

export async function linkVectors(): Promise<Vector[]> {
  const { keyHash } = await fixedPerson(1);
  const [origin, slot, secret] = ['https://home.example', fixedId('slt', 1), fill(44)];
  const link = new DeviceLink(slot, secret, keyHash);
  const inputs = { origin, slot, secret: b64u(secret), key_hash: keyHash };
  return [{ name: 'link', inputs, outputs: { link: link.url(origin), login_key: (await link.unlock()).loginKey } }];
}

async function slotOutputs(slot: UnlockSlot): Promise<Record<string, unknown>> {
  return { slot_seed: b64u(slotSeedOf(slot)), recipient: slotRecipientOf(slot), login_key: slot.loginKey };
}

export async function slotVectors(): Promise<Vector[]> {
  const person = fixedId('per', 1);
  const [prf, salt, account, password] = [fill(40), fill(41, 16), fill(12), 'Correct horse, ﬁve ſtaples'];
  const stretched = await stretchPassword(password, salt);
  const mk = await (await AccountSecret.fromBytes(account)).mix(stretched, person);
  const passwordSlot = await derivePasswordSlot(password, salt, await AccountSecret.fromBytes(account), person);
  const login = (ikm: typeof prf, info: string) => derive(ikm, info).then(b64u);
  const passkey = { prf_input: b64u(await derivePasskeyInput()), login_seed: await login(prf, `alcove/v1/login-prf ${person}`) };
  return [
    { name: 'passkey', inputs: { person, prf: b64u(prf) }, outputs: { ...passkey, ...(await slotOutputs(await derivePasskeySlot(prf, person))) } },
    {
      name: 'password',
      inputs: { person, password, salt: b64u(salt), account: b64u(account) },
      outputs: { stretched: b64u(stretched), mk: b64u(mk), login_seed: await login(mk, 'alcove/v1/login-password'), ...(await slotOutputs(passwordSlot)) },
    },
    { name: 'kit', inputs: { kit: b64u(fill(43)) }, outputs: { login_seed: await login(fill(43), 'alcove/v1/login-kit'), ...(await slotOutputs(await deriveKitSlot(new Kit('personal', fill(43))))) } },
    { name: 'link', inputs: { link: b64u(fill(44)) }, outputs: { login_seed: await login(fill(44), 'alcove/v1/login-link'), ...(await slotOutputs(await deriveLinkSlot(fill(44)))) } },
  ];
}

export async function loginVectors(): Promise<Vector[]> {
  const [origin, person, nonce, seed] = ['https://home.example', fixedId('per', 1), fill(50), fill(51)];
  const message = loginMessage({ origin, person, nonce });
  const key = await SigningKey.fromSeed(seed);
  const inputs = { origin, person, challenge: b64u(nonce), login_seed: b64u(seed) };
  return [{ name: 'login', inputs, outputs: { login_key: key.publicKey, message_hex: hex(message), signature: await key.sign(message) } }];
}

export async function kitVectors(): Promise<Vector[]> {
  const labels = { practice: 'Harbour Coaching', personName: 'Ada Bell', origin: 'https://home.example' };
  const make = async (name: string, kit: Kit, more: object): Promise<Vector> => {
    const all = { ...labels, ...more };
    const file = kit.file(all);
    readKit(kit.kind, file);
    const line = kit.line();
    const seed = await deriveKitSlot(kit);
    return { name, inputs: { kind: kit.kind, seed: b64u(slotSeedOf(seed)), ...all }, outputs: { words: kit.words(), line, recipient: slotRecipientOf(seed), file } };
  };
  return [
    await make('personal', new Kit('personal', fill(43)), { person: fixedId('per', 1) }),
    await make('restore', new Kit('restore', fill(45)), { backupKey: b64u(fill(46)) }),
    await make('all zero', new Kit('personal', fill(0)), { person: fixedId('per', 2) }),
  ];
}

export async function directoryVectors(): Promise<Vector[]> {
  const vectors: Vector[] = [];
  let before = EMPTY_DIRECTORY.head;
  for (const n of [1, 2, 3]) {
    const [tag, salt, statement] = [b64u(fill(n, 16)), fill(60 + n, 16), await (await fixedPerson(n)).makeKeyStatement(AT)];
    const hash = await deriveLeafHash(salt, statement);
    const head = await appendLeaf(before, { tag, hash });
    vectors.push({ name: `leaf ${n - 1}`, inputs: { head_before: before, tag, salt: b64u(salt), statement }, outputs: { hash, head } });
    before = head;
  }
  return vectors;
}

export async function safetyVectors(): Promise<Vector[]> {
  const [a, b] = [(await fixedPerson(1)).keyHash, (await fixedPerson(2)).keyHash];
  const pairs: [string, string, string][] = [['two people', a, b], ['the other way round', b, a], ['edges', b64u(fill(0)), b64u(fill(255))]];
  return Promise.all(pairs.map(async ([name, x, y]) => ({ name, inputs: { key_hash_a: x, key_hash_b: y }, outputs: { words: await deriveSafetyWords(x, y) } })));
}

