/** Practice recovery between engines: papers, the plan, agreeing, bringing back; and a practice that lies about any of it. */
import { beforeEach, describe, expect, test } from 'vitest';
import { acceptPlan, b64u, changeKeyring, deriveKitSlot, makeKeyring, makeKit, makePlan } from '$lib/crypto';
import type { RecoverySeen } from '$lib/api';
import { knownTo } from '../recovery';
import type { ReturnLink } from '../types';
import { FakePractice } from './fake-practice';
import { foundWith, joinedClient, joinedColleague, PASSWORD, settle, sit, space, type Seat } from './world';

let practice: FakePractice, maya: Seat, ana: Seat & { client: string };
beforeEach(async () => {
  practice = new FakePractice();
  maya = await foundWith(practice);
  ana = await joinedClient(practice, maya);
});

const me = ({ engine }: Seat) => engine.core.open().account.person;
const kinds = ({ engine }: Seat) => engine.core.open().keyring.slots().map(({ kind }) => kind).sort();
const state = ({ engine }: Seat) => engine.recovery.state();

/** Makes the paper and proves it as a person does; gives its words. */
async function paperOf({ engine }: Seat): Promise<string> {
  const { sheet, asked } = await engine.recovery.makePaper();
  await engine.recovery.provePaper({ words: asked.map((place) => ({ place, word: sheet.words[place - 1] ?? '' })) });
  return sheet.words.join(' ');
}

async function soleOwner(): Promise<string> {
  const paper = await paperOf(maya);
  await maya.engine.recovery.setUp();
  return paper;
}

const wanted = (paper: string, person = me(ana)) => ({ person, reason: 'Lost both devices', paper });

async function comeIn({ link }: ReturnLink): Promise<Seat> {
  const seat = await sit(practice);
  await seat.engine.signInWithLink(link);
  await settle(seat);
  return seat;
}

describe('a paper', () => {
  test('is proved from the page before the practice hears of it, and is gone from the device then', async () => {
    const { sheet, asked } = await maya.engine.recovery.makePaper();
    expect(sheet.file).toContain('recovery kit');
    expect((await maya.engine.recovery.unprovedPaper())?.sheet.line).toBe(sheet.line);
    await expect(maya.engine.recovery.provePaper({ words: asked.map((place) => ({ place, word: 'zebra' })) })).rejects.toMatchObject({ name: 'KitWrongWord' });
    expect(practice.recovery.papers.size).toBe(0);
    await expect(maya.engine.recovery.setUp()).rejects.toMatchObject({ name: 'NoPaperYet' });
    await maya.engine.recovery.provePaper({ words: asked.map((place) => ({ place, word: sheet.words[place - 1] ?? '' })) });
    expect(await maya.engine.recovery.unprovedPaper()).toBe(null);
    expect((await state(maya)).owners).toMatchObject([{ name: 'Maya', you: true, paper: 'here', used: false }]);
  });

  test('of another owner counts only where that owner’s keys are known and signed it', async () => {
    const noor = await joinedColleague(practice, maya, 'Noor', 'owner');
    await paperOf(maya);
    practice.recovery.papers.set(me(noor), practice.recovery.papers.get(me(maya)) ?? '');
    expect((await state(maya)).owners.map(({ name, paper }) => [name, paper])).toEqual([['Maya', 'here'], ['Noor', 'unknown']]);
    await maya.engine.recovery.setUp();
    expect(practice.recovery.plan?.papers.map(({ person }) => person)).toEqual([me(maya)]);
  });
});

describe('a sole owner', () => {
  test('brings a client back, who reads what was there and makes ways of their own', async () => {
    const paper = await soleOwner();
    await maya.engine.sendMessage(space(ana, 'shared').space, 'before it was lost');
    for (const seat of [maya, ana]) await settle(seat);
    expect(await state(ana)).toMatchObject({ agreed: 'no', asked: true, owners: [], plan: { holders: ['Maya'], refused: null } });
    await ana.engine.recovery.agree();
    expect(await state(ana)).toMatchObject({ agreed: 'yes', asked: false });
    expect(kinds(ana)).toEqual(['kit', 'password', 'recovery']);
    // The slots that the practice knows are as before.
    expect(practice.persons.get(me(ana))?.slots.map(({ kind }) => kind).sort()).toEqual(['kit', 'password']);

    const link = (await maya.engine.recovery.bringBack(wanted(paper))) as ReturnLink;
    const back = await comeIn(link);
    expect([me(back), kinds(back), back.engine.recovery.returned()]).toEqual([me(ana), ['link', 'recovery'], true]);
    expect(space(back, 'shared').messages.map(({ text }) => text)).toContain('before it was lost');
    const kit = await back.engine.remakePersonalKit();
    await back.engine.addPassword('seven grey herons wait');
    expect([kinds(back), back.engine.recovery.returned()]).toEqual([['kit', 'password', 'recovery'], false]);
    // What was agreed goes on.
    expect(await state(back)).toMatchObject({ agreed: 'yes', asked: false });
    // The link is used up, the new kit opens, and the old device opens nothing newer.
    await expect(comeIn(link)).rejects.toMatchObject({ code: 'sign-in-failed' });
    const third = await sit(practice);
    await third.engine.signInWithKit(kit.line);
    expect(me(third)).toBe(me(ana));
  });

  test('needs the paper of the plan, and a person who agreed', async () => {
    const paper = await soleOwner();
    await expect(maya.engine.recovery.bringBack(wanted(paper))).rejects.toMatchObject({ code: 'not-agreed' });
    await ana.engine.recovery.agree();
    const other = makeKit('recovery').words().join(' ');
    await expect(maya.engine.recovery.bringBack(wanted(other))).rejects.toMatchObject({ name: 'PaperDoesNotOpen' });
    expect(practice.recovery.cases).toEqual([]);
    await ana.engine.recovery.takeBack();
    expect(kinds(ana)).toEqual(['kit', 'password']);
    await expect(maya.engine.recovery.bringBack(wanted(paper))).rejects.toMatchObject({ code: 'not-agreed' });
    // A practice that says they agreed has nothing that the plan opens.
    practice.recovery.answers.set(me(ana), { n: 1, agreed: true });
    await expect(maya.engine.recovery.bringBack(wanted(paper))).rejects.toMatchObject({ name: 'NotSealedToPlan' });
  });

  test('who makes the plan anew asks everybody again; switching off takes it out of the keyrings', async () => {
    await soleOwner();
    await ana.engine.recovery.agree();
    await maya.engine.recovery.setUp();
    expect(await state(ana)).toMatchObject({ agreed: 'older', asked: true, plan: { n: 2 } });
    expect(kinds(ana)).toContain('recovery');
    await ana.engine.recovery.agree();
    expect(await state(ana)).toMatchObject({ agreed: 'yes', plan: { n: 2 } });
    expect(kinds(ana)).toEqual(['kit', 'password', 'recovery']);
    await maya.engine.recovery.switchOff();
    expect(await state(ana)).toMatchObject({ agreed: 'no', asked: false, plan: null });
    expect(kinds(ana)).toEqual(['kit', 'password']);
    // The chain of plans goes on.
    await maya.engine.recovery.setUp();
    expect((await state(ana)).plan?.n).toBe(3);
    await ana.engine.recovery.agree();
    expect((await state(ana)).agreed).toBe('yes');
  });

  test('asks for a fresh proof before anything is made', async () => {
    const paper = await soleOwner();
    for (const seat of [maya, ana]) await seat.clock.pass(14 * 60_000);
    for (const act of [() => maya.engine.recovery.setUp(), () => ana.engine.recovery.agree(), () => ana.engine.recovery.takeBack(), () => maya.engine.recovery.bringBack(wanted(paper))]) {
      await expect(act()).rejects.toMatchObject({ name: 'ProofNeeded' });
    }
    expect(practice.recovery.plan?.n).toBe(1);
  });
});

describe('two owners', () => {
  let noor: Seat, papers: [string, string];
  beforeEach(async () => {
    noor = await joinedColleague(practice, maya, 'Noor', 'owner');
    papers = [await paperOf(maya), await paperOf(noor)];
    await maya.engine.recovery.setUp();
  });

  test('are needed together: the first one’s paper opens nothing, the second one’s does', async () => {
    expect((await state(noor)).plan).toMatchObject({ holders: ['Maya', 'Noor'], refused: null });
    await ana.engine.recovery.agree();
    expect(await maya.engine.recovery.bringBack(wanted(papers[0]))).toBe(null);
    const [open] = await noor.engine.recovery.cases();
    if (!open) throw new Error('no case');
    expect(open).toMatchObject({ name: 'Ana', byName: 'Maya', reason: 'Lost both devices', state: 'asked' });
    await expect(maya.engine.recovery.confirm(open, papers[0])).rejects.toMatchObject({ code: 'needs-another-owner' });
    await expect(noor.engine.recovery.confirm(open, papers[0])).rejects.toMatchObject({ name: 'PaperDoesNotOpen' });
    const back = await comeIn(await noor.engine.recovery.confirm(open, papers[1]));
    expect([me(back), space(back, 'shared').others]).toEqual([me(ana), ['Maya']]);
  });

  test('a case is stopped by the person themself', async () => {
    await ana.engine.recovery.agree();
    await maya.engine.recovery.bringBack(wanted(papers[0]));
    const [mine] = await ana.engine.recovery.mine();
    if (!mine) throw new Error('no case');
    await ana.engine.recovery.stopMine(mine.which);
    await expect(noor.engine.recovery.confirm(mine, papers[1])).rejects.toMatchObject({ code: 'case-over' });
    expect(kinds(ana)).toContain('password');
  });

  test('a colleague who agrees stands for the plan: their clients, who know no owner, can believe it', async () => {
    const lena = await joinedColleague(practice, maya, 'Lena');
    const ben = await joinedClient(practice, lena);
    expect(knownTo(ben.engine.core).map(({ person }) => person)).not.toContain(me(maya));
    expect((await state(ben)).plan?.refused).toMatchObject({ code: 'PlanNotByKnown', alarm: true });
    await expect(ben.engine.recovery.agree()).rejects.toMatchObject({ name: 'PlanNotByKnown' });
    expect(kinds(ben)).toEqual(['kit', 'password']);
    await lena.engine.recovery.agree();
    await ben.engine.recovery.agree();
    expect((await state(ben)).agreed).toBe('yes');
  });
});

describe('a hostile practice', () => {
  test('that makes a plan of its own gets nothing sealed to it', async () => {
    await soleOwner();
    const server = await makeKeyring(me(maya));
    const { plan } = await makePlan(server, { papers: [{ person: me(maya), recipient: server.keys.recipient }], before: null });
    practice.recovery.lie = (seen: RecoverySeen) => ({ ...seen, plan: seen.plan && { ...seen.plan, statement: plan.text } });
    await expect(ana.engine.recovery.agree()).rejects.toMatchObject({ name: 'PlanNotByKnown', alarm: true });
    expect(kinds(ana)).toEqual(['kit', 'password']);
    // In the name of somebody who never was an owner, endorsed by a client: nobody known.
    const stranger = await makeKeyring();
    const odd = (await makePlan(stranger, { papers: [{ person: stranger.person, recipient: stranger.keys.recipient }], before: null })).plan;
    practice.recovery.lie = (seen) => ({ ...seen, plan: seen.plan && { ...seen.plan, statement: odd.text, by: stranger.person } });
    await expect(ana.engine.recovery.agree()).rejects.toMatchObject({ name: 'PlanNotByKnown' });
    expect((await state(maya)).plan?.refused).toMatchObject({ code: 'PlanNotByKnown' });
  });

  test('that shows an older plan again is refused', async () => {
    await soleOwner();
    const first = practice.recovery.plan;
    await maya.engine.recovery.setUp();
    await ana.engine.recovery.agree();
    await maya.engine.recovery.agree();
    practice.recovery.plan = first;
    await expect(ana.engine.recovery.agree()).rejects.toMatchObject({ name: 'PlanRolledBack', alarm: true });
    expect((await state(ana)).plan?.refused?.code).toBe('PlanRolledBack');
    // Nor does an owner sign another plan of the same number.
    practice.recovery.next = { n: 2, prev: practice.recovery.next.prev };
    await expect(maya.engine.recovery.setUp()).rejects.toMatchObject({ name: 'PlanRolledBack' });
  });

  test('that hands out a keyring of another person, or an older one, gets no keyring back', async () => {
    const paper = await soleOwner();
    await ana.engine.recovery.agree();
    const person = practice.persons.get(me(ana));
    if (!person) throw new Error('nobody is here');
    const real = person.keyring;
    const kit = { slot: await deriveKitSlot(makeKit('personal')), label: 'kit' };
    const plan = practice.recovery.plan?.statement ?? '';
    const forged = async (id: string) => {
      const accepted = await acceptPlan({ text: plan, endorsements: [], known: [maya.engine.core.open().keyring.keys], agreed: null });
      return b64u((await changeKeyring(await makeKeyring(id), { add: [kit], recovery: accepted })).bytes);
    };
    for (const [name, keyring] of [
      ['KeyringOfAnother', { version: 1, body: await forged(me(maya)) }],
      ['KeyChanged', { version: 1, body: await forged(me(ana)) }],
      ['RecoveredKeyringOlder', { ...real, version: real.version + 1 }],
    ] as const) {
      person.keyring = keyring;
      practice.recovery.cases.length = 0;
      await expect(maya.engine.recovery.bringBack(wanted(paper))).rejects.toMatchObject({ name });
      expect(person.keyring).toBe(keyring);
    }
  });

  test('that swaps what lies under the paper is refused', async () => {
    const paper = await soleOwner();
    await ana.engine.recovery.agree();
    const before = practice.recovery.plan;
    await maya.engine.recovery.setUp();
    const later = practice.recovery.plan;
    if (before === null || later === null) throw new Error('no plan');
    practice.recovery.plan = { ...before, files: later.files };
    await expect(maya.engine.recovery.bringBack(wanted(paper))).rejects.toMatchObject({ name: 'RecoveryKeySwapped', alarm: true });
  });
});

test('a password is asked of whoever proves again', async () => {
  await maya.clock.pass(14 * 60_000);
  const { sheet, asked } = await maya.engine.recovery.makePaper();
  const typed = { words: asked.map((place) => ({ place, word: sheet.words[place - 1] ?? '' })) };
  await expect(maya.engine.recovery.provePaper(typed)).rejects.toMatchObject({ name: 'ProofNeeded' });
  await maya.engine.prove({ kind: 'password', password: PASSWORD });
  await maya.engine.recovery.provePaper(typed);
  expect(practice.recovery.papers.size).toBe(1);
});
