/**
 * Practice recovery: owners' papers, the plan that names its recipient, who stands for it, and bringing one person back. The plan's key exists only
 * inside the files under the papers and, while one of the functions here runs, in memory; it never leaves this folder.
 */
import { equalBytes, equalText, makeRandom, utf8, utf8Text, type Bytes } from './bytes';
import { CannotOpen } from './errors/files';
import { KeyChanged, NotAKit } from './errors/keys';
import { NotSealedToPlan, PaperDoesNotOpen, PaperNotTheirs, PlanNotByKnown, PlanRolledBack, RecoveredKeyringOlder, RecoveryKeySwapped } from './errors/recovery';
import { deriveRecipient, identityText, openAsPerson, requireHybrid, sealToPersons } from './hybrid';
import type { PersonKeys } from './identity';
import { textField } from './json';
import { openKeyringWith, sealRecovered, seedOfIdentity, signerOf, type UnlockedKeyring } from './keyring';
import { kitSeedOf, type Kit } from './kit';
import { makeDeviceLink, type DeviceLink } from './link';
import { AcceptedPlan, fieldsOf, type AgreedPlan, type Paper } from './plan';
import { signStatement, UnverifiedStatement } from './signed';
import { timeText } from './time';

const seedOfPaper = (kit: Kit): Bytes => {
  if (kit.kind !== 'recovery') throw new NotAKit('secret-half', 'it is another kind of kit');
  return kitSeedOf(kit);
};

/** An owner's own statement of their paper's recipient. */
export async function makePaperStatement(keyring: UnlockedKeyring, kit: Kit, at?: Date): Promise<string> {
  const recipient = await deriveRecipient(seedOfPaper(kit));
  return signStatement('recovery', { v: 1, what: 'paper', person: keyring.person, recipient, ts: timeText(at) }, signerOf(keyring));
}

/** The paper of an owner whose keys are known. @throws {@link PaperNotTheirs} */
export async function readPaper(text: string, owner: PersonKeys): Promise<Paper> {
  const statement = new UnverifiedStatement(text);
  if (!(await statement.isBy('recovery', owner.sign))) throw new PaperNotTheirs(owner.person);
  const fields = fieldsOf(statement.fields, 'paper');
  if (fields.person !== owner.person) throw new PaperNotTheirs(owner.person);
  return { person: owner.person, recipient: requireHybrid(textField(fields, 'recipient', 'recovery statement')) };
}

/** An age file to the paper of `first`: with the plan's key, or with the file to the paper of `then` that holds it. */
export interface PlanFile {
  readonly first: string;
  readonly then: string | null;
  readonly bytes: Bytes;
}

export interface PlanOrder {
  readonly papers: readonly Paper[];
  /** The plan that this one takes the place of. */
  readonly before: AgreedPlan | null;
  readonly at?: Date;
}

/** A new plan with a new key, which is wiped before this returns: only the papers bring it back. */
export async function makePlan(keyring: UnlockedKeyring, { papers, before, at }: PlanOrder): Promise<{ plan: AcceptedPlan; files: PlanFile[] }> {
  const seed = makeRandom(32);
  try {
    const recipient = await deriveRecipient(seed);
    const fields = { v: 1, what: 'plan', n: (before?.n ?? 0) + 1, prev: before?.hash ?? null, recipient, papers, by: keyring.person, ts: timeText(at) };
    const text = await signStatement('recovery', fields, signerOf(keyring));
    const plan = await AcceptedPlan.of(text, new UnverifiedStatement(text));
    return { plan, files: await sealUnderPapers(seed, plan.papers) };
  } finally {
    seed.fill(0);
  }
}

/** One after the other: what is random is drawn in order. */
async function sealUnderPapers(seed: Bytes, papers: readonly Paper[]): Promise<PlanFile[]> {
  const line = utf8(`${identityText(seed)}\n`);
  const files: PlanFile[] = [];
  const sealTo = (paper: Paper, body: Bytes) => sealToPersons('recovery', [paper.recipient], body);
  try {
    for (const first of papers) {
      if (papers.length === 1) files.push({ first: first.person, then: null, bytes: await sealTo(first, line) });
      for (const then of papers.filter((paper) => paper !== first)) {
        files.push({ first: first.person, then: then.person, bytes: await sealTo(first, await sealTo(then, line)) });
      }
    }
    return files;
  } finally {
    line.fill(0);
  }
}

export interface PlanOffer {
  readonly text: string;
  /** Statements by which others stand for it. */
  readonly endorsements: readonly string[];
  /** Whom this device knows by keys that it has checked: owners from before, oneself, those who keep one's spaces, colleagues. Never clients. */
  readonly known: readonly PersonKeys[];
  /** The plan that this person agreed to, if any. */
  readonly agreed: AgreedPlan | null;
}

/** Takes a plan that somebody whom this device knows has signed or stands for. @throws {@link PlanNotByKnown} @throws {@link PlanRolledBack} */
export async function acceptPlan({ text, endorsements, known, agreed }: PlanOffer): Promise<AcceptedPlan> {
  const statement = new UnverifiedStatement(text);
  const plan = await AcceptedPlan.of(text, statement);
  const signer = known.find(({ person }) => person === plan.by);
  // Whoever is known has to have signed it: no endorsement mends a false signature in their name.
  const stands = signer ? await statement.isBy('recovery', signer.sign) : await isEndorsed(plan, endorsements, known);
  if (!stands) throw new PlanNotByKnown();
  const isOther = agreed !== null && (plan.n < agreed.n || (plan.n === agreed.n && !equalText(plan.hash, agreed.hash)));
  if (isOther) throw new PlanRolledBack();
  return plan;
}

async function isEndorsed(plan: AcceptedPlan, endorsements: readonly string[], known: readonly PersonKeys[]): Promise<boolean> {
  for (const text of endorsements) if (await endorses(text, plan, known)) return true;
  return false;
}

/** A broken one says nothing; another may be whole. */
async function endorses(text: string, plan: AcceptedPlan, known: readonly PersonKeys[]): Promise<boolean> {
  try {
    const statement = new UnverifiedStatement(text);
    const fields = fieldsOf(statement.fields, 'endorse');
    const by = known.find(({ person }) => person === fields.by);
    return by !== undefined && fields.plan === plan.hash && (await statement.isBy('recovery', by.sign));
  } catch {
    return false;
  }
}

/** Says to those who know this person that the plan is the practice's. */
export async function makeEndorsement(keyring: UnlockedKeyring, plan: AcceptedPlan, at?: Date): Promise<string> {
  return signStatement('recovery', { v: 1, what: 'endorse', plan: plan.hash, by: keyring.person, ts: timeText(at) }, signerOf(keyring));
}

async function openUnder(kit: Kit, file: Bytes): Promise<Bytes> {
  return openAsPerson('recovery', seedOfPaper(kit), file).catch((error: unknown) => {
    throw error instanceof CannotOpen ? new PaperDoesNotOpen() : error;
  });
}

const AGE_FILE = utf8('age-encryption.org/v1\n');

/** The first of two papers: gives the file for the second, and never anything that opens a keyring. @throws {@link PaperDoesNotOpen} */
export async function openHalf(kit: Kit, file: Bytes): Promise<Bytes> {
  const body = await openUnder(kit, file);
  if (equalBytes(body.subarray(0, AGE_FILE.length), AGE_FILE)) return body;
  body.fill(0);
  throw new RecoveryKeySwapped();
}

/** Refuses a paper that the plan does not use for this owner, before anything is asked for with it. @throws {@link PaperDoesNotOpen} */
export async function expectPaper(plan: AcceptedPlan, kit: Kit, owner: string): Promise<void> {
  const recipient = await deriveRecipient(seedOfPaper(kit));
  if (!plan.papers.some((paper) => paper.person === owner && paper.recipient === recipient)) throw new PaperDoesNotOpen();
}

export interface Recovery {
  readonly plan: AcceptedPlan;
  /** The last paper, and the file that it opens. */
  readonly kit: Kit;
  readonly file: Bytes;
  readonly person: string;
  readonly keyring: Bytes;
  /** As the server names it. */
  readonly version: number;
  /** The key hash that this device knows for the person, if any. */
  readonly keyHash: string | null;
  readonly at?: Date;
}

export interface Recovered {
  /** For the person: it lets them in on a device of theirs. */
  readonly link: DeviceLink;
  readonly loginKey: string;
  readonly bytes: Bytes;
  readonly version: number;
}

/**
 * Opens somebody's keyring with the plan's key and seals it to the plan and a new link. Their seeds are wiped before this returns.
 * @throws {@link RecoveryKeySwapped} @throws {@link NotSealedToPlan} @throws {@link RecoveredKeyringOlder} @throws {@link KeyChanged} KeyringOfAnother
 */
export async function recoverKeyring({ plan, kit, file, person, keyring, version, keyHash, at }: Recovery): Promise<Recovered> {
  const seed = await planSeed(plan, await openUnder(kit, file));
  try {
    const opened = await openKeyringWith(seed, keyring, { person }).catch((error: unknown) => {
      throw error instanceof CannotOpen ? new NotSealedToPlan() : error;
    });
    try {
      if (keyHash !== null && !equalText(keyHash, opened.keyHash)) throw new KeyChanged(person);
      if (opened.version !== version) throw new RecoveredKeyringOlder(version, opened.version);
      return await resealed(opened, plan, at);
    } finally {
      opened.lock();
    }
  } finally {
    seed.fill(0);
  }
}

async function resealed(opened: UnlockedKeyring, plan: AcceptedPlan, at?: Date): Promise<Recovered> {
  const link = makeDeviceLink(opened.keyHash);
  const slot = await link.unlock();
  const sealed = await sealRecovered(opened, { slot, label: 'link', id: link.slot }, plan, at);
  sealed.keyring.lock();
  return { link, loginKey: slot.loginKey, bytes: sealed.bytes, version: sealed.version };
}

/** The key under the papers, if it is the one that the plan names. The bytes that it was read from are wiped. */
async function planSeed(plan: AcceptedPlan, body: Bytes): Promise<Bytes> {
  let seed: Bytes;
  try {
    seed = seedOfIdentity(utf8Text(body, 'recovery file').trim());
  } catch {
    throw new RecoveryKeySwapped();
  } finally {
    body.fill(0);
  }
  if (equalText(await deriveRecipient(seed), plan.recipient)) return seed;
  seed.fill(0);
  throw new RecoveryKeySwapped();
}

/** Which plan a keyring is sealed to. */
export function agreedPlan(keyring: UnlockedKeyring): AgreedPlan | null {
  const label = keyring.slots().find(({ kind }) => kind === 'recovery')?.label;
  const [, n, hash] = label?.match(/^(\d+)\.([\w-]{43})$/) ?? [];
  return n === undefined || hash === undefined ? null : { n: Number(n), hash };
}
