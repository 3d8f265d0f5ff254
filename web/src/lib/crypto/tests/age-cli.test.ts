/**
 * Round trips with the stock age tool, 1.3 or newer, for every kind of file: what a member exports opens without us. `.ci/age.sh` fetches the tool;
 * ALCOVE_AGE names the program. A build machine without it fails; a developer without it is told how to get it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { b64u, derive, fromB64u, makeRandom, utf8, type Bytes } from '../bytes';
import { changeKeyring, makeKit, makePlan, openDraft, sealDraft, sealFile, type Kit, type SealedRecord } from '../index';
import { openAsPerson } from '../hybrid';
import { openWithSecret } from '../secret';
import { Device, pair } from './world';

const unpacked = fileURLToPath(new URL('../../../../../target/tools/age/usr/bin/age', import.meta.url));
const age = process.env.ALCOVE_AGE ?? unpacked;
const isHere = existsSync(age);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'alcove-age-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the tool as a person would, with the batchpass plugin for passphrases. */
function run(args: string[], input: Uint8Array | null, passphrase?: string): Bytes {
  const env = { ...process.env, PATH: `${dirname(age)}${delimiter}${process.env.PATH ?? ''}`, ...(passphrase ? { AGE_PASSPHRASE: passphrase, AGE_PASSPHRASE_WORK_FACTOR: '1' } : {}) };
  const { status, stdout, stderr } = spawnSync(age, args, { env, input: input ?? undefined, maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`age ${args.join(' ')}: ${String(stderr)}`);
  return Uint8Array.from(stdout);
}

function save(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

const withIdentity = (identity: string, file: Uint8Array) => Buffer.from(run(['-d', '-i', save('identity.txt', identity)], file)).toString();
const withSecret = (secret: string, file: Uint8Array) => Buffer.from(run(['-d', '-j', 'batchpass'], file, secret)).toString();
const payload = (statement: string) => JSON.parse(Buffer.from(statement.split('.')[0] as string, 'base64url').toString()) as Record<string, unknown>;

test('the stock age tool is at hand on build machines', () => {
  expect(isHere || process.env.CI === undefined, 'run .ci/age.sh and set ALCOVE_AGE to what it prints').toBe(true);
});

describe.runIf(isHere)('the stock age tool', () => {
  let world: Awaited<ReturnType<typeof pair>>;
  let record: SealedRecord;
  beforeAll(async () => {
    world = await pair();
    record = await world.coach.write(world.space, 'Session 4: boundary work');
  });

  test('is new enough', () => {
    const [major, minor] = String(run(['--version'], null).reduce((text, byte) => text + String.fromCharCode(byte), '')).replace(/^v/, '').split('.').map(Number);
    expect((major as number) * 100 + (minor as number)).toBeGreaterThanOrEqual(103);
  });

  test('opens kit → keyring → grant → record', async () => {
    const { coach, server, space } = world;
    const kit = coach.kit.file({ practice: 'Harbour', personName: 'Ada', origin: 'https://home.example', person: coach.person });
    const keyring = withIdentity(kit, coach.sealed.bytes);
    expect(keyring.startsWith('alcove-keyring/1\n')).toBe(true);
    const { identity } = JSON.parse(keyring.split('\n')[1] as string) as { identity: string };
    const grant = withIdentity(identity, server.grants(space, coach.person).at(-1)!);
    expect(grant.startsWith('alcove-grant/1\n')).toBe(true);
    const [, secret] = (payload(grant.split('\n')[1] as string).epochs as [number, string][]).at(-1)!;
    const [type, header, , body] = withSecret(secret, record.bytes).split('\n');
    expect(type).toBe('alcove-record/1');
    expect(JSON.parse(Buffer.from(header as string, 'base64url').toString())).toMatchObject({ id: record.header.id, v: 1 });
    expect(body?.replace(/\0+$/, '')).toBe('Session 4: boundary work');
  });

  test('opens a pending grant with what the link holds', async () => {
    const { made, server } = world;
    const secret = fromB64u(made.link.url('').split('.')[1] as string, 'secret');
    const plaintext = withSecret(b64u(await derive(secret, 'alcove/v1/invite-grant')), server.pendingGrant(made.link.invite));
    expect(plaintext.startsWith('alcove-pending-grant/1\n')).toBe(true);
    expect(payload(plaintext.split('\n')[1] as string)).toMatchObject({ invite: made.link.invite });
  });

  test('opens a draft and a file', async () => {
    const device = await Device.of(world.server);
    const own = await device.follow(await device.found('own'));
    const { identity } = JSON.parse(withIdentity(device.kit.line(), device.sealed.bytes).split('\n')[1] as string) as { identity: string };
    const grant = withIdentity(identity, world.server.grants(own.roster.space, device.person)[0]!);
    const [[, secret]] = payload(grant.split('\n')[1] as string).epochs as [[number, string]];
    expect(withSecret(secret, await sealDraft(own.keys, { doc: 'x' }))).toBe('alcove-draft/1\n{"doc":"x"}');
    const content = makeRandom(3000);
    const sealed = await sealFile(new Blob([content]).stream(), content.length);
    const file = new Uint8Array(await new Response(sealed.stream).arrayBuffer());
    const { key } = await sealed.manifest;
    const plaintext = run(['-d', '-j', 'batchpass'], file, key);
    expect(Buffer.compare(plaintext.subarray(14, 14 + 3000), content)).toBe(0);
    expect(plaintext.subarray(14 + 3000).every((byte) => byte === 0)).toBe(true);
  });

  test('opens paper after paper, then the keyring of who agreed', async () => {
    const owners = await Promise.all([Device.of(world.server), Device.of(world.server)]);
    const papers = owners.map(({ person }) => ({ person, kit: makeKit('recovery') }));
    const named = await Promise.all(papers.map(async ({ person, kit }) => ({ person, recipient: await kit.recipient() })));
    const { plan, files } = await makePlan(owners[0]!.keyring, { papers: named, before: null });
    const line = (kit: Kit) => kit.file({ practice: 'Harbour', personName: 'Ada', origin: 'https://home.example' });
    const half = run(['-d', '-i', save('identity.txt', line(papers[0]!.kit))], files[0]!.bytes).subarray('alcove-recovery/1\n'.length);
    const [type, identity] = withIdentity(line(papers[1]!.kit), half).split('\n');
    expect(type).toBe('alcove-recovery/1');
    const { bytes, keyring } = await changeKeyring(world.client.keyring, { recovery: plan });
    expect(JSON.parse(withIdentity(identity as string, bytes).split('\n')[1] as string)).toMatchObject({ person: keyring.person, version: keyring.version });
  });

  test('writes files that we open, to a person and to a secret', async () => {
    const { coach, space } = world;
    const seedText = withIdentity(coach.kit.line(), coach.sealed.bytes);
    const { slots } = JSON.parse(seedText.split('\n')[1] as string) as { slots: { recipient: string }[] };
    const toPerson = run(['-r', slots[0]!.recipient], utf8('alcove-grant/1\nhello\n'));
    const { kitSeedOf } = await import('../kit');
    expect(Buffer.from(await openAsPerson('grant', kitSeedOf(coach.kit), toPerson)).toString()).toBe('hello\n');
    const secret = makeRandom(32);
    const toSecret = run(['-e', '-j', 'batchpass'], utf8('alcove-record/1\nhello\n'), b64u(secret));
    expect(Buffer.from(await openWithSecret('record', secret, toSecret)).toString()).toBe('hello\n');
    const own = await coach.follow(space);
    await expect(openDraft(own.keys, toSecret)).rejects.toMatchObject({ name: 'CannotOpen' });
  });

  test('opens the worked example of WIRE.md', () => {
    type Example = { inputs: Record<'kit.txt' | 'keyring.age' | 'grant.age' | 'record.age', string>; outputs: Record<'keyring' | 'grant' | 'epoch_secret' | 'header' | 'body', string> };
    const [example] = JSON.parse(readFileSync(new URL('../../../../../tests/vectors/example.json', import.meta.url), 'utf8')) as [Example];
    const { inputs, outputs } = example;
    const file = (name: keyof Example['inputs']) => fromB64u(inputs[name], name);
    const keyring = withIdentity(inputs['kit.txt'], file('keyring.age'));
    expect(keyring).toBe(outputs.keyring);
    const grant = withIdentity((JSON.parse(keyring.split('\n')[1] as string) as { identity: string }).identity, file('grant.age'));
    expect(grant).toBe(outputs.grant);
    expect(payload(grant.split('\n')[1] as string).epochs).toEqual([[1, outputs.epoch_secret]]);
    const [, header, , body] = withSecret(outputs.epoch_secret, file('record.age')).split('\n');
    expect(Buffer.from(header as string, 'base64url').toString()).toBe(outputs.header);
    expect(body?.replace(/\0+$/, '')).toBe(outputs.body);
  });

  test('agrees on the stored vectors', () => {
    const vectors = JSON.parse(readFileSync(new URL('../../../../../tests/vectors/kit.json', import.meta.url), 'utf8')) as { outputs: { file: string; recipient: string } }[];
    for (const { outputs } of vectors) {
      const file = run(['-r', outputs.recipient], utf8('for the kit'));
      expect(withIdentity(outputs.file, file)).toBe('for the kit');
    }
  });
});
