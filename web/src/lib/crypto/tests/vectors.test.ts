/** The shared vectors: still what the generator makes, and everything stored in them still opens or is still refused. */
import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeVectors } from '../../../../tools/vectors/all';
import { b64u, concat, fromB64u, utf8Text } from '../bytes';
import { deriveRecipient, identityText, openAsPerson } from '../hybrid';
import { acceptPlan, readDeviceLink, readKeyStatement, readKit, readPaper, verifyRoster, type PersonKeys } from '../index';
import { kitSeedOf } from '../kit';
import { openWithSecret } from '../secret';
import { UnverifiedStatement } from '../signed';
import { isSignedBy } from '../signing';
import { typeLine, type FileType } from '../typeline';
import { refusal } from './world';

interface Stored {
  readonly name: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
}

const folder = new URL('../../../../../tests/vectors/', import.meta.url);
// How passwords are judged is no part of the wire format: another test reads those.
const names = readdirSync(folder).filter((name) => name.endsWith('.json') && name !== 'passwords.json');
const read = (name: string) => JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as Stored[];
const bytes = (text: string | undefined) => fromB64u(text as string, 'vector');

test('the files are what the generator makes', async () => {
  const made = await makeVectors();
  expect([...made.keys()].sort()).toEqual(names.map((name) => name.replace('.json', '')).sort());
  const differing = [...made].filter(([name, vectors]) => JSON.stringify(read(name)) !== JSON.stringify(vectors)).map(([name]) => name);
  expect(differing).toEqual([]);
});

test.each(read('age'))('age: $name', async ({ inputs, outputs }) => {
  const type = (outputs.plaintext?.match(/^alcove-(.+)\/1\n/)?.[1] ?? 'grant') as FileType;
  const open = async () => {
    const file = bytes(inputs.age);
    const body = inputs.secret ? await openWithSecret(type, bytes(inputs.secret), file) : await openAsPerson(type, bytes(inputs.identity_seed), file);
    return utf8Text(typeLine(type), '') + utf8Text(body, '');
  };
  if (outputs.error) expect(await refusal(open())).toBe(outputs.error);
  else expect(await open()).toBe(outputs.plaintext);
});

test.each(read('identity'))('identity: $name', async ({ inputs, outputs }) => {
  expect(identityText(bytes(inputs.identity_seed))).toBe(outputs.identity);
  expect(await readKeyStatement(outputs.key_statement as string)).toMatchObject({ person: inputs.person, sign: outputs.sign, recipient: outputs.recipient, keyHash: outputs.key_hash });
});

test.each(read('statements'))('a statement of kind $name fits its kind only', async ({ inputs, outputs }) => {
  const statement = new UnverifiedStatement(outputs.statement as string);
  expect(JSON.stringify(statement.fields)).toBe(inputs.payload);
  for (const kind of ['roster', 'directory', 'grant', 'join', 'restore', 'approval', 'backup', 'recovery'] as const) {
    expect(await statement.isBy(kind, outputs.sign as string)).toBe(kind === inputs.kind);
  }
});

test.each(read('link'))('link: $name', async ({ inputs, outputs }) => {
  const link = readDeviceLink(outputs.link as string);
  expect([link.slot, link.keyHash, (await link.unlock()).loginKey, link.url(inputs.origin as string)]).toEqual([inputs.slot, inputs.key_hash, outputs.login_key, outputs.link]);
});

test.each(read('login'))('login: $name', async ({ inputs, outputs }) => {
  const message = Buffer.from(outputs.message_hex as string, 'hex');
  expect(message.toString()).toBe(`alcove-login/1\n${inputs.origin}\n${inputs.person}\n${inputs.challenge}`);
  expect(await isSignedBy(outputs.login_key as string, Uint8Array.from(message), outputs.signature as string)).toBe(true);
});

test.each(read('kit'))('kit: $name', ({ inputs, outputs }) => {
  for (const typed of [outputs.line, outputs.file, (outputs.words as unknown as string[]).join(' ')]) {
    expect(b64u(kitSeedOf(readKit('personal', typed as string)))).toBe(inputs.seed);
  }
});

test.each(read('record'))('$name', async ({ inputs, outputs }) => {
  const body = await openWithSecret('record', bytes(inputs.epoch_secret), bytes(outputs.age));
  expect(b64u(concat(typeLine('record'), body))).toBe(outputs.plaintext);
  const [header, signature, ...rest] = utf8Text(body, '').split('\n');
  expect(utf8Text(bytes(header), '')).toBe(inputs.header);
  expect(rest.join('\n').replace(/\0+$/, '')).toBe(inputs.body);
  expect(await isSignedBy(outputs.sign as string, Uint8Array.from(Buffer.from(outputs.message_hex as string, 'hex')), signature as string)).toBe(true);
});

test.each(read('roster'))('roster: $name', async ({ inputs, outputs }) => {
  const entries = inputs.entries as unknown as string[];
  const roster = await verifyRoster(entries, { space: outputs.space as string });
  expect(roster.members.map(({ person, keyHash, role, how, confirmed, until }) => ({ person, key_hash: keyHash, role, how, confirmed, until }))).toEqual(outputs.members);
  expect(roster.head).toBe((outputs.hashes as unknown as string[]).at(-1));
});

test.each(read('roster-refused'))('roster refused: $name', async ({ inputs, outputs }) => {
  expect(await refusal(verifyRoster(inputs.entries as unknown as string[], { space: inputs.space as string }))).toBe(outputs.error);
});

test.each(read('grants'))('grant: $name', async ({ inputs, outputs }) => {
  const body = await openAsPerson('grant', bytes(inputs.identity_seed), bytes(inputs.age));
  expect(`alcove-grant/1\n${utf8Text(body, '')}`).toBe(outputs.plaintext);
});

test.each(read('invite'))('invite: $name', async ({ inputs, outputs }) => {
  const body = await openWithSecret('pending-grant', bytes(outputs.grant_secret), bytes(inputs.age));
  expect(`alcove-pending-grant/1\n${utf8Text(body, '')}`).toBe(outputs.plaintext);
  expect(outputs.url).toBe(`${inputs.origin}/i#${inputs.invite}.${inputs.secret}.${inputs.coach}`);
});

const recovery = read('recovery');
const ofWhat = (what: string) => recovery.filter(({ inputs }) => inputs.what === what);
const keys = (value: unknown) => value as PersonKeys;

test.each(ofWhat('paper'))('recovery: $name', async ({ inputs, outputs }) => {
  expect(await deriveRecipient(bytes(inputs.paper_seed))).toBe(outputs.recipient);
  expect((await readPaper(outputs.statement as string, keys(inputs.owner))).recipient).toBe(outputs.recipient);
});

test.each(ofWhat('plan'))('recovery: $name', async ({ inputs, outputs }) => {
  const plan = await acceptPlan({ text: outputs.statement as string, endorsements: [], known: [keys(inputs.by)], agreed: null });
  expect([plan.n, plan.prev, plan.papers, plan.hash, plan.recipient]).toEqual([inputs.n, inputs.prev, inputs.papers, outputs.hash, outputs.recipient]);
  const [first, then] = inputs.paper_seeds as unknown as string[];
  for (const { age } of (outputs.files as unknown as { age: string }[]).slice(0, 1)) {
    const body = await openAsPerson('recovery', bytes(first), bytes(age));
    expect(utf8Text(then === undefined ? body : await openAsPerson('recovery', bytes(then), body), '')).toBe(`${outputs.identity}\n`);
  }
  const [agreed] = ofWhat('keyring');
  const opens = openAsPerson('keyring', kitSeedOf(readKit('recovery', outputs.identity as string)), bytes(agreed?.inputs.age));
  expect(await refusal(opens)).toBe(agreed?.inputs.identity === outputs.identity ? 'accepted' : 'CannotOpen');
});

test.each(ofWhat('endorse'))('recovery: $name', async ({ inputs, outputs }) => {
  const plan = ofWhat('plan').find((vector) => vector.outputs.hash === inputs.plan);
  const offer = { text: plan?.outputs.statement as string, endorsements: [outputs.statement as string], agreed: null };
  expect(await refusal(acceptPlan({ ...offer, known: [keys(inputs.by)] }))).toBe('accepted');
  expect(await refusal(acceptPlan({ ...offer, endorsements: [], known: [keys(inputs.by)] }))).toBe('PlanNotByKnown');
});
