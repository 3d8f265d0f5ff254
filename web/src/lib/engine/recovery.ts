/**
 * Practice recovery: the owners' plan, a person's agreement to it, and bringing somebody back. A plan counts only if somebody whom this device knows
 * stands for it; keys of the plan and words of papers pass through to lib/crypto and are kept nowhere.
 */
import { acceptPlan, agreedPlan, b64u, changeKeyring, expectPaper, fromB64u, makeEndorsement, makePlan, openHalf, PlanRolledBack, readKit, readPaper, recoverKeyring } from '$lib/crypto';
import type { AcceptedPlan, AgreedPlan, Kit, Paper, PersonKeys } from '$lib/crypto';
import type { RecoveryCase, RecoveryPlan, RecoverySeen } from '$lib/api';
import type { Core } from './core';
import { NoPaperYet, NotHere, PaperNotInPlan } from './errors';
import { latest } from './following';
import { pinnedOwners } from './knowing';
import { replaceKeyring, requireFresh } from './own-keys';
import { makePaper, provePaper, unprovedPaper } from './papers';
import type { BringBack, CaseView, OwnerView, PlanView, PracticeRecovery, RecoveryView, ReturnLink } from './recovery-types';
import { troubleOf } from './trouble';
import type { Trouble } from './types';

export function recoveryOf(core: Core): PracticeRecovery {
  return {
    state: () => stateOf(core),
    makePaper: () => makePaper(core),
    unprovedPaper: () => unprovedPaper(core),
    provePaper: (typed) => provePaper(core, typed),
    setUp: () => setUp(core),
    switchOff: () => core.api.endRecovery(),
    agree: () => agree(core),
    takeBack: () => takeBack(core),
    returned: () => isReturned(core),
    cases: () => casesOf(core, () => core.api.recoveries()),
    bringBack: (input) => bringBack(core, input),
    confirm: (which, paper) => confirm(core, which, paper),
    stop: (which) => core.api.stopRecovery(which),
    mine: () => casesOf(core, () => core.api.myRecoveries()),
    stopMine: (which) => core.api.stopMyRecovery(which),
  };
}

/** A day, like the practice keeps it. */
const LINK_LIFE_MS = 24 * 3_600_000;

/**
 * Whose word on a plan counts: one's own, an owner's who was known before, that of whoever keeps a space of this person's, that of a confirmed
 * colleague. By verified rosters and the keyring's pins alone; clients are not among them, since they keep no roster.
 */
export function knownTo(core: Core): PersonKeys[] {
  const { keyring } = core.open();
  const members = [...core.spaces.values()].flatMap(({ kind, alarm, roster }) => {
    const counts = kind === 'team' ? roster.members.filter(({ confirmed }) => confirmed) : roster.members.filter(({ person }) => kind === 'shared' && roster.may(person, 'roster'));
    return alarm === null ? counts : [];
  });
  const isAsPinned = ({ person, keyHash }: { person: string; keyHash: string }) => (keyring.pinOf(person) ?? keyHash) === keyHash;
  return [keyring.keys, ...pinnedOwners(core), ...members.filter(isAsPinned)];
}

function accept(core: Core, { statement, endorsements }: RecoveryPlan): Promise<AcceptedPlan> {
  return acceptPlan({ text: statement, endorsements, known: knownTo(core), agreed: agreedPlan(core.open().keyring) });
}

/** @throws {@link NotHere} where there is none, and what {@link acceptPlan} refuses */
async function planNow(core: Core): Promise<AcceptedPlan> {
  const { plan } = await core.api.recovery();
  if (plan === null) throw new NotHere();
  return accept(core, plan);
}

/** Switched off: the keyring is sealed to the plan no longer. */
async function stateOf(core: Core): Promise<RecoveryView> {
  core.open();
  const seen = await core.api.recovery();
  if (seen.plan === null) await dropAgreed(core);
  const believed = seen.plan === null ? NOT_BELIEVED : await believe(core, seen.plan);
  return {
    plan: seen.plan && planView(seen.plan, believed),
    agreed: agreedTo(core, seen),
    asked: seen.asked,
    owners: await Promise.all(seen.owners.map((owner) => ownerView(core, owner, believed.papers))),
    count: seen.agreed && { agreed: seen.agreed.agreed, all: seen.agreed.of },
  };
}

interface Believed {
  readonly papers: readonly Paper[];
  readonly refused: Trouble | null;
}
const NOT_BELIEVED: Believed = { papers: [], refused: null };

/** A plan that this device does not believe is shown by what the practice says of it, with the reason. */
async function believe(core: Core, plan: RecoveryPlan): Promise<Believed> {
  try {
    return { papers: (await accept(core, plan)).papers, refused: null };
  } catch (error) {
    return { papers: [], refused: troubleOf(error) };
  }
}

function planView({ n, made_at: madeAt, by_name: byName, papers, stale }: RecoveryPlan, { refused }: Believed): PlanView {
  return { n, madeAt, byName, holders: papers.map(({ name }) => name), stale, refused };
}

/** Yes only where both say so: the keyring is sealed to the plan, and the practice knows that it may use it. */
function agreedTo(core: Core, { plan, mine }: RecoverySeen): RecoveryView['agreed'] {
  const agreed = agreedPlan(core.open().keyring);
  if (plan === null || mine === null || agreed === null) return 'no';
  return agreed.n === plan.n && mine.n === plan.n ? 'yes' : 'older';
}

async function ownerView(core: Core, { person, name, paper }: RecoverySeen['owners'][number], papers: readonly Paper[]): Promise<OwnerView> {
  const known = paper === null ? null : await paperOf(core, person, paper);
  const used = papers.some((one) => one.person === person && one.recipient === known?.recipient);
  return { person, name, you: person === core.open().account.person, paper: paper === null ? 'none' : known === null ? 'unknown' : 'here', used };
}

/** Of an owner whose keys are known; null for another's, and for one that its owner did not sign. */
async function paperOf(core: Core, person: string, statement: string): Promise<Paper | null> {
  const owner = knownTo(core).find((keys) => keys.person === person);
  return owner === undefined ? null : readPaper(statement, owner).catch(() => null);
}

/** @throws {@link NoPaperYet} {@link PlanRolledBack} */
async function setUp(core: Core): Promise<void> {
  requireFresh(core);
  const { keyring } = core.open();
  const { owners, next } = await core.api.recovery();
  const papers = (await Promise.all(owners.map(({ person, paper }) => (paper === null ? null : paperOf(core, person, paper))))).filter((paper) => paper !== null);
  if (papers.length === 0) throw new NoPaperYet();
  const before: AgreedPlan | null = next.prev === null ? null : { n: next.n - 1, hash: next.prev };
  if ((agreedPlan(keyring)?.n ?? 0) >= next.n) throw new PlanRolledBack();
  const { plan, files } = await makePlan(keyring, { papers, before, at: new Date(core.ports.clock.now()) });
  await core.api.putRecovery({ statement: plan.text, files: files.map(({ first, then, bytes }) => ({ first, then, body: b64u(bytes) })) });
}

/** Seals the keyring to the plan, then says so. Colleagues stand for the plan with it: those who know them can believe it. */
async function agree(core: Core): Promise<void> {
  requireFresh(core);
  await latest(core);
  const plan = await planNow(core);
  const at = new Date(core.ports.clock.now());
  if (agreedPlan(core.open().keyring)?.hash !== plan.hash) await replaceKeyring(core, (now) => changeKeyring(now, { recovery: plan, at }));
  await core.api.agreeToRecovery(plan.n);
  const { keyring, me } = core.open();
  if (me.role !== 'client') await core.api.endorseRecovery(await makeEndorsement(keyring, plan, at));
}

/** The keyring first: from then on the papers open nothing of this person's that is newer. */
async function takeBack(core: Core): Promise<void> {
  requireFresh(core);
  await latest(core);
  await dropAgreed(core);
  await core.api.leaveRecovery();
}

async function dropAgreed(core: Core): Promise<void> {
  if (agreedPlan(core.open().keyring) !== null) await replaceKeyring(core, (now) => changeKeyring(now, { recovery: null }));
}

/** Somebody who was brought back comes in by a link, and has nothing else yet. */
export function isReturned(core: Core): boolean {
  return core.isOpen && core.open().keyring.slots().every(({ kind }) => kind === 'link' || kind === 'recovery' || kind === 'passkey');
}

/** A locked session is not asked: the practice would refuse it. */
async function casesOf(core: Core, ask: () => Promise<{ cases: RecoveryCase[] }>): Promise<CaseView[]> {
  core.open();
  return (await ask()).cases.map(caseView);
}

function caseView(seen: RecoveryCase): CaseView {
  const { case: which, person, name, reason, by, state, mine, sole } = seen;
  return {
    which, person, name, reason, by, state, mine, sole,
    byName: seen.by_name, askedAt: seen.asked_at, expiresAt: seen.expires_at, endedAt: seen.ended_at, endedBy: seen.ended_by,
    openToMe: seen.open_to_me,
  };
}

/** A plan and a paper of this owner's that it uses. @throws {@link PaperNotInPlan} PaperDoesNotOpen */
async function withPaper(core: Core, text: string): Promise<{ plan: AcceptedPlan; kit: Kit }> {
  const kit = readKit('recovery', text);
  const plan = await planNow(core);
  const { person } = core.open().account;
  if (!plan.papers.some((paper) => paper.person === person)) throw new PaperNotInPlan();
  await expectPaper(plan, kit, person);
  return { plan, kit };
}

/** Asks to bring somebody back. The paper is tried before the practice hears of it: a wrong one begins no case. */
async function bringBack(core: Core, { person, reason, paper }: BringBack): Promise<ReturnLink | null> {
  requireFresh(core);
  const { plan, kit } = await withPaper(core, paper);
  const { files } = plan.sole ? { files: [] } : await core.api.recoveryFiles();
  const halves = await Promise.all(files.map(async ({ then, body }) => ({ then, body: b64u(await openHalf(kit, fromB64u(body, 'recovery file'))) })));
  const made = await core.api.askRecovery({ person, purpose: 'return', reason: reason.trim(), halves });
  return plan.sole ? finish(core, made, plan, kit) : null;
}

/** The second owner; or the first one again where a sole paper suffices and something came between. */
async function confirm(core: Core, { which, person }: CaseView, paper: string): Promise<ReturnLink> {
  requireFresh(core);
  const { plan, kit } = await withPaper(core, paper);
  return finish(core, { case: which, person }, plan, kit);
}

async function finish(core: Core, { case: which, person }: Pick<RecoveryCase, 'case' | 'person'>, plan: AcceptedPlan, kit: Kit): Promise<ReturnLink> {
  const { keyring: { body: sealed, version }, half, file } = await core.api.openRecovery(which);
  const under = half ?? file;
  if (under === null) throw new PaperNotInPlan();
  const recovered = await recoverKeyring({
    plan, kit, person, version,
    file: fromB64u(under, 'recovery file'),
    keyring: fromB64u(sealed, 'keyring'),
    keyHash: knownHash(core, person),
    at: new Date(core.ports.clock.now()),
  });
  const { link, loginKey, bytes } = recovered;
  await core.api.returnKeyring(which, { version, body: b64u(bytes), link: { slot: link.slot, login_key: loginKey } });
  return { link: link.url(core.ports.origin), expiresAt: new Date(core.ports.clock.now() + LINK_LIFE_MS).toISOString() };
}

/** What this person knows of the other's keys: pinned, or by a roster. */
function knownHash(core: Core, person: string): string | null {
  const pin = core.open().keyring.pinOf(person);
  const member = [...core.spaces.values()].map(({ roster }) => roster.member(person)).find((found) => found !== null);
  return pin ?? member?.keyHash ?? null;
}
