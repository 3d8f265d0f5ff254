/** Practice recovery: papers, plans, who is believed, and what a hostile server is refused for. */
import { beforeAll, describe, expect, test } from 'vitest';
import { fromB64u, makeRandom } from '../bytes';
import { acceptPlan, agreedPlan, changeKeyring, deriveKitSlot, expectPaper, makeEndorsement, makeKeyring, makeKit, makePaperStatement, makePlan, openHalf, openKeyring, readDeviceLink, readKit, readPaper, recoverKeyring } from '../index';
import type { AcceptedPlan, Kit, Paper, PlanFile, Recovery, SealedKeyring, UnlockedKeyring } from '../index';
import { deriveRecipient, identityText, openAsPerson, sealToPersons } from '../hybrid';
import { signerOf } from '../keyring';
import { kitSeedOf } from '../kit';
import { signStatement } from '../signed';
import { utf8 } from '../bytes';
import { refusal } from './world';

interface Owner {
  readonly keyring: UnlockedKeyring;
  readonly kit: Kit;
  readonly paper: Paper;
}

async function owner(): Promise<Owner> {
  const [keyring, kit] = [await makeKeyring(), makeKit('recovery')];
  return { keyring, kit, paper: await readPaper(await makePaperStatement(keyring, kit), keyring.keys) };
}

async function person(recovery?: AcceptedPlan): Promise<SealedKeyring & { kit: Kit }> {
  const kit = makeKit('personal');
  const sealed = await changeKeyring(await makeKeyring(), { add: [{ slot: await deriveKitSlot(kit), label: 'kit' }], ...(recovery ? { recovery } : {}) });
  return { ...sealed, kit };
}

let [maya, noor]: Owner[] = [];
let sole: { plan: AcceptedPlan; files: PlanFile[] };
let pair: { plan: AcceptedPlan; files: PlanFile[] };
beforeAll(async () => {
  [maya, noor] = [await owner(), await owner()];
  sole = await makePlan(maya.keyring, { papers: [maya.paper], before: null });
  pair = await makePlan(maya.keyring, { papers: [maya.paper, noor.paper], before: sole.plan });
});
const of = (one: Owner | undefined): Owner => one as Owner;
const fileOf = ({ files }: { files: PlanFile[] }, first: Owner) => (files.find((file) => file.first === first.keyring.person) as PlanFile).bytes;
const order = (ana: SealedKeyring, more: Partial<Recovery> = {}): Recovery => ({
  plan: sole.plan, kit: of(maya).kit, file: fileOf(sole, of(maya)), person: ana.keyring.person, keyring: ana.bytes, version: ana.version, keyHash: ana.keyring.keyHash, ...more,
});

describe('a paper', () => {
  test('is taken from its owner only, and from a recovery kit only', async () => {
    const text = await makePaperStatement(of(maya).keyring, of(maya).kit);
    expect(await refusal(readPaper(text, of(noor).keyring.keys))).toBe('PaperNotTheirs');
    const named = await signStatement('recovery', { v: 1, what: 'paper', person: of(noor).keyring.person, recipient: of(maya).paper.recipient, ts: '' }, signerOf(of(maya).keyring));
    expect(await refusal(readPaper(named, of(maya).keyring.keys))).toBe('PaperNotTheirs');
    expect(await refusal(makePaperStatement(of(maya).keyring, makeKit('personal')))).toBe('NotAKit');
    expect(await refusal(openHalf(makeKit('personal'), fileOf(sole, of(maya))))).toBe('NotAKit');
  });
});

describe('a plan', () => {
  const offer = (plan: AcceptedPlan, more: object = {}) => acceptPlan({ text: plan.text, endorsements: [], known: [of(maya).keyring.keys], agreed: null, ...more });

  test('chains to the one before; one paper has one file, two papers have no file for one alone', async () => {
    expect([sole.plan.n, sole.plan.prev, sole.plan.sole, sole.files.map(({ then }) => then)]).toEqual([1, null, true, [null]]);
    expect([pair.plan.n, pair.plan.prev, pair.plan.sole]).toEqual([2, sole.plan.hash, false]);
    expect(pair.plan.recipient).not.toBe(sole.plan.recipient);
    expect(pair.files.map(({ first, then }) => [first, then])).toEqual([[of(maya), of(noor)], [of(noor), of(maya)]].map((both) => both.map(({ keyring }) => keyring.person)));
    const half = await openHalf(of(maya).kit, fileOf(pair, of(maya)));
    expect(await refusal(openHalf(of(maya).kit, half))).toBe('PaperDoesNotOpen');
    // What opens keyrings is handed to nobody, not even as a half.
    expect(await refusal(openHalf(of(noor).kit, half))).toBe('RecoveryKeySwapped');
    expect(await refusal(openHalf(of(maya).kit, fileOf(sole, of(maya))))).toBe('RecoveryKeySwapped');
    expect(await refusal(expectPaper(pair.plan, of(noor).kit, of(noor).keyring.person))).toBe('accepted');
    expect(await refusal(expectPaper(pair.plan, of(noor).kit, of(maya).keyring.person))).toBe('PaperDoesNotOpen');
    expect(await refusal(expectPaper(sole.plan, of(noor).kit, of(noor).keyring.person))).toBe('PaperDoesNotOpen');
  });

  test('is believed if somebody known has signed it or stands for it', async () => {
    expect((await offer(pair.plan)).recipient).toBe(pair.plan.recipient);
    const coach = await makeKeyring();
    const known = [coach.keys];
    expect(await refusal(offer(pair.plan, { known }))).toBe('PlanNotByKnown');
    const endorsements = ['broken', await makeEndorsement(coach, sole.plan), await makeEndorsement(of(noor).keyring, pair.plan)];
    expect(await refusal(offer(pair.plan, { known, endorsements }))).toBe('PlanNotByKnown');
    expect(await refusal(offer(pair.plan, { known, endorsements: [...endorsements, await makeEndorsement(coach, pair.plan)] }))).toBe('accepted');
  });

  test('of a server, in the name of somebody known, is refused whoever stands for it', async () => {
    const { papers, recipient } = sole.plan;
    const server = await makeKeyring();
    const text = await signStatement('recovery', { v: 1, what: 'plan', n: 1, prev: null, recipient, papers, by: of(maya).keyring.person, ts: '' }, signerOf(server));
    expect(await refusal(acceptPlan({ text, endorsements: [], known: [of(maya).keyring.keys], agreed: null }))).toBe('PlanNotByKnown');
    // The same signature as another kind of statement counts for nothing.
    const grant = await signStatement('grant', { v: 1, what: 'plan', n: 1, prev: null, recipient, papers, by: of(maya).keyring.person, ts: '' }, signerOf(of(maya).keyring));
    expect(await refusal(acceptPlan({ text: grant, endorsements: [], known: [of(maya).keyring.keys], agreed: null }))).toBe('PlanNotByKnown');
  });

  test('never goes back to an older one, nor to another of the same number', async () => {
    const other = await makePlan(of(maya).keyring, { papers: [of(maya).paper], before: sole.plan });
    expect(await refusal(offer(sole.plan, { agreed: pair.plan }))).toBe('PlanRolledBack');
    expect(await refusal(offer(other.plan, { agreed: pair.plan }))).toBe('PlanRolledBack');
    expect(await refusal(offer(pair.plan, { agreed: pair.plan }))).toBe('accepted');
    expect(await refusal(offer(pair.plan, { agreed: sole.plan }))).toBe('accepted');
  });

  test('with odd papers is no plan', async () => {
    for (const papers of [[], [of(maya).paper, of(maya).paper], 'all']) {
      const text = await signStatement('recovery', { v: 1, what: 'plan', n: 1, prev: null, recipient: sole.plan.recipient, papers, by: of(maya).keyring.person, ts: '' }, signerOf(of(maya).keyring));
      expect(await refusal(acceptPlan({ text, endorsements: [], known: [of(maya).keyring.keys], agreed: null }))).toBe('Malformed');
    }
  });
});

describe('agreeing', () => {
  test('is a slot of the keyring, replaced by the next plan, dropped at will, and never the only one beside passkeys', async () => {
    const ana = await person(sole.plan);
    expect(agreedPlan(ana.keyring)).toEqual({ n: 1, hash: sole.plan.hash });
    expect(ana.keyring.slots().map(({ kind, login }) => [kind, login === ''])).toEqual([['kit', false], ['recovery', true]]);
    const second = await changeKeyring(ana.keyring, { recovery: pair.plan });
    expect([agreedPlan(second.keyring)?.n, second.keyring.slots().length]).toEqual([2, 2]);
    const third = await changeKeyring(second.keyring, { recovery: null });
    expect([agreedPlan(third.keyring), third.keyring.slots().map(({ kind }) => kind)]).toEqual([null, ['kit']]);
    const [kit] = second.keyring.slots();
    expect(await refusal(changeKeyring(second.keyring, { remove: [kit?.id ?? ''] }))).toBe('PasskeyOnly');
    // A change of something else keeps it.
    expect(agreedPlan((await changeKeyring(second.keyring, {})).keyring)?.n).toBe(2);
  });
});

describe('bringing somebody back', () => {
  test('with a sole paper: the link opens the keyring, nothing else of before does, and the plan still does', async () => {
    const ana = await person(sole.plan);
    const back = await recoverKeyring(order(ana, { kit: readKit('recovery', of(maya).kit.words().join(' ')) }));
    expect(back.version).toBe(ana.version + 1);
    const link = readDeviceLink(back.link.url('https://home.example'));
    const opened = await openKeyring(back.bytes, await link.unlock(), { person: ana.keyring.person, keyHash: ana.keyring.keyHash, linked: link.keyHash, version: 2 });
    expect(opened.slots().map(({ kind }) => kind)).toEqual(['recovery', 'link']);
    expect(await refusal(openKeyring(back.bytes, await deriveKitSlot(ana.kit), {}))).toBe('SlotDoesNotOpen');
    expect(await refusal(recoverKeyring(order(ana, { keyring: back.bytes, version: 2 })))).toBe('accepted');
  });

  test('with two papers, one after the other, in either order', async () => {
    const ana = await person(pair.plan);
    for (const [first, then] of [[of(maya), of(noor)], [of(noor), of(maya)]] as const) {
      const half = await openHalf(first.kit, fileOf(pair, first));
      expect(await refusal(recoverKeyring(order(ana, { plan: pair.plan, kit: first.kit, file: half })))).toBe('PaperDoesNotOpen');
      expect(await refusal(recoverKeyring(order(ana, { plan: pair.plan, kit: then.kit, file: half })))).toBe('accepted');
    }
  });

  test('refuses by name what a hostile server puts in the place of something', async () => {
    const [ana, ben] = [await person(sole.plan), await person(sole.plan)];
    const another = async (seed: Uint8Array) => sealToPersons('recovery', [of(maya).paper.recipient], utf8(`${identityText(Uint8Array.from(seed))}\n`));
    const cases: [string, Partial<Recovery>][] = [
      // Another key under the same paper, a plan with another recipient, rubbish under the paper.
      ['RecoveryKeySwapped', { file: await another(makeRandom(32)) }],
      ['RecoveryKeySwapped', { plan: pair.plan }],
      ['RecoveryKeySwapped', { file: await sealToPersons('recovery', [of(maya).paper.recipient], utf8('nothing')) }],
      ['WrongType', { file: await sealToPersons('grant', [of(maya).paper.recipient], utf8('nothing')) }],
      ['PaperDoesNotOpen', { kit: of(noor).kit }],
      ['KeyringOfAnother', { keyring: ben.bytes }],
      ['KeyChanged', { keyHash: ben.keyring.keyHash }],
      ['NotSealedToPlan', { keyring: (await person()).bytes }],
      ['RecoveredKeyringOlder', { version: 2 }],
    ];
    for (const [name, more] of cases) expect([name, await refusal(recoverKeyring(order(ana, more)))]).toEqual([name, name]);
  });

  test('what lies under a paper is an identity that the stock age tool reads', async () => {
    const body = await openAsPerson('recovery', kitSeedOf(of(maya).kit), fileOf(sole, of(maya)));
    const line = new TextDecoder().decode(body);
    expect(line).toMatch(/^AGE-SECRET-KEY-PQ-1[A-Z0-9]+\n$/);
    expect(await deriveRecipient(kitSeedOf(readKit('recovery', line)))).toBe(sole.plan.recipient);
    expect(fromB64u(sole.plan.hash, 'hash', 32)).toHaveLength(32);
  });
});
