/**
 * Restores and anchors. A restored server looks like one that was rolled back; the difference is a statement that an owner signed, accepted once.
 * It excuses missing records only: rosters, directory and tombstones never move back.
 */
import { b64u, equalText, fromB64u, sha256, utf8, type Bytes } from './bytes';
import { Malformed } from './errors/files';
import { AnchorForked, AnchorRolledBack, LowerTimeline, OtherInstall, RestoreNotByOwner, RestoreReplayed, RestoreUnsigned } from './errors/practice';
import type { PersonKeys } from './identity';
import { countField, isFields, requireVersion1, textField, type Fields } from './json';
import { signerOf, type UnlockedKeyring } from './keyring';
import { signStatement, UnverifiedStatement } from './signed';
import { timeText } from './time';

/** A point of the practice's history: the number of audit entries and the hash chain's head. */
export interface Point {
  readonly size: number;
  /** base64url. */
  readonly root: string;
}

export interface Anchor extends Point {
  readonly install: string;
  /** 1 at first; one more with every declared restore. */
  readonly timeline: number;
}

/** h_n = SHA-256("alcove/v1/audit\0" ‖ h_{n-1} ‖ SHA-256(entry)); h_0 is 32 zero bytes. */
export async function extendAuditHead(root: string, entry: Bytes): Promise<string> {
  return b64u(await sha256(utf8('alcove/v1/audit\0'), fromB64u(root, 'anchor', 32), await sha256(entry)));
}

export interface RestoreFacts {
  readonly install: string;
  /** The last state that anybody saw before the restore. */
  readonly abandoned: Point & { readonly timeline: number };
  /** The state that the backup held. */
  readonly restored: Point;
  /** `abandoned.timeline + 1` */
  readonly timeline: number;
}

export interface RestoreStatement extends RestoreFacts {
  readonly by: string;
  readonly ts: string;
}

export async function makeRestoreStatement(keyring: UnlockedKeyring, facts: RestoreFacts, at?: Date): Promise<string> {
  return signStatement('restore', { v: 1, ...facts, by: keyring.person, ts: timeText(at) }, signerOf(keyring));
}

function readPoint(value: unknown): Point & { fields: Fields } {
  if (!isFields(value)) throw new Malformed('restore statement');
  const root = textField(value, 'root', 'restore statement');
  fromB64u(root, 'restore statement', 32);
  return { size: countField(value, 'size', 'restore statement'), root, fields: value };
}

/** Reads a restore statement by somebody whom this device already knows as owner. @throws {@link RestoreNotByOwner} */
export async function readRestoreStatement(text: string, owners: readonly PersonKeys[]): Promise<RestoreStatement> {
  const statement = new UnverifiedStatement(text);
  const owner = owners.find(({ person }) => person === statement.fields.by);
  if (!owner || !(await statement.isBy('restore', owner.sign))) throw new RestoreNotByOwner();
  const { fields } = statement;
  requireVersion1(fields, 'restore statement');
  const { fields: abandonedFields, ...abandoned } = readPoint(fields.abandoned);
  const { fields: _, ...restored } = readPoint(fields.restored);
  const timeline = countField(fields, 'timeline', 'restore statement', 2);
  const before = countField(abandonedFields, 'timeline', 'restore statement', 1);
  if (timeline !== before + 1) throw new RestoreReplayed();
  const install = textField(fields, 'install', 'restore statement');
  return { install, abandoned: { ...abandoned, timeline: before }, restored, timeline, by: owner.person, ts: textField(fields, 'ts', 'restore statement') };
}

export interface AnchorOffer {
  /** What the server shows now. */
  readonly offered: Anchor;
  /** The server's root at the size that this device has pinned (or at the restored size, after a restore). */
  readonly rootThen: string | null;
  /** Signed restore statements, any order. */
  readonly statements: readonly string[];
  /** Persons whom this device knew as owners before it asked. */
  readonly owners: readonly PersonKeys[];
}

/**
 * Compares what the server shows with what this device has seen, and gives the anchor to keep.
 * @throws {@link LowerTimeline} @throws {@link AnchorRolledBack} @throws {@link AnchorForked} @throws {@link RestoreUnsigned}
 */
export async function compareAnchor(pinned: Anchor | null, { offered, rootThen, statements, owners }: AnchorOffer): Promise<Anchor> {
  if (pinned === null) return offered;
  if (offered.install !== pinned.install) throw new OtherInstall();
  if (offered.timeline < pinned.timeline) throw new LowerTimeline();
  const from = offered.timeline === pinned.timeline ? pinned : await afterRestores(pinned, offered, statements, owners);
  if (offered.size < from.size) throw new AnchorRolledBack();
  const root = offered.size === from.size ? offered.root : rootThen;
  if (root === null || !equalText(root, from.root)) throw new AnchorForked();
  return offered;
}

/** Walks from the pinned timeline to the offered one; every step needs its own statement, so none is ever accepted twice. */
async function afterRestores(pinned: Anchor, offered: Anchor, statements: readonly string[], owners: readonly PersonKeys[]): Promise<Point> {
  const read = await Promise.all(statements.map((text) => readRestoreStatement(text, owners)));
  let from: Point & { timeline: number } = pinned;
  for (let timeline = pinned.timeline + 1; timeline <= offered.timeline; timeline++) {
    const steps = read.filter((step) => step.timeline === timeline && step.install === pinned.install);
    const [step, second] = steps;
    if (!step) throw new RestoreUnsigned();
    if (second) throw new RestoreReplayed();
    from = { ...lower(from, step.restored), timeline };
  }
  return from;
}

/** What of the pinned history must still be there: everything up to the restored point, if the device had not seen even that much. */
function lower(pinned: Point, restored: Point): Point {
  return pinned.size <= restored.size ? pinned : restored;
}
