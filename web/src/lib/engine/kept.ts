/**
 * An epoch can be closed while a record of this device is on its way, or by somebody who leaves it out. What this device wrote is not lost: it is
 * sealed anew in the current epoch.
 */
import { EpochClosedEarly, openRecord, verifyRoster } from '$lib/crypto';
import { raise } from './alarms';
import { readContent } from './bodies';
import type { Core } from './core';
import type { RecordRow, Space } from './space';
import { write } from './writing';

/** The alarm that says so. */
export const LEFT_OUT = 'EpochClosedEarly';

/** Tells of epochs whose closing left out what the practice had acknowledged to this device. Each item is told once. */
export function checkKept(core: Core, space: Space): void {
  const { device } = core.open().account;
  const evidenceOf = (seq: number) => `left out ${device} ${seq}`;
  for (const { n, last } of space.roster.epochs) {
    if (last === null) continue;
    const untold = space.storedSeqs(n, device).filter((seq) => !space.row.settled.includes(evidenceOf(seq)));
    try {
      space.roster.expectOwnRecordsKept(n, device, untold);
    } catch (error) {
      if (!(error instanceof EpochClosedEarly)) throw error;
      raise(core, error, { space: space.id, evidence: error.seqs.map(evidenceOf) });
    }
  }
}

/** Saves again what the closing of an epoch left out, and tells how many. */
export async function saveLeftOut(core: Core, space: Space): Promise<number> {
  const { device } = core.open().account;
  // The practice's word only finds candidates; whose words they are, the signed header says.
  const rows = (await core.ports.store.list<RecordRow>('records', `${core.prefix}${space.id}/`)).map(([, row]) => row);
  const left = rows.filter(({ head }) => head.device === device && space.isLeftOut(device, head.epoch, head.dev_seq));
  const newest = new Map(left.map((row) => [row.head.record, row]));
  let saved = 0;
  for (const row of newest.values()) {
    // A later revision, here or waiting, already says more.
    const known = space.newest(row.head.record)?.head.rev ?? 0;
    if (known > row.head.rev || space.pending.has(row.head.record)) continue;
    if (await saveAgain(core, space, row)) saved += 1;
  }
  return saved;
}

/**
 * Opens the revision as it stood before the epoch closed, and writes it as the next revision. Only what this very device signed: words of another,
 * which a practice may present as ours, would else go out under our name.
 */
async function saveAgain(core: Core, space: Space, { head, bytes }: RecordRow): Promise<boolean> {
  const closing = space.roster.epochs[head.epoch]?.opened;
  if (closing === undefined || !space.keys.has(head.epoch)) return false;
  const before = await verifyRoster(wholeSteps(space, closing), { space: space.id });
  const { header, body } = await openRecord(bytes, { space: space.id, id: head.record, rev: head.rev, epoch: head.epoch }, before, space.keys);
  const { person, device } = core.open().account;
  if (header.author !== person || header.dev !== device || !space.isLeftOut(device, header.epoch, header.seq)) return false;
  const content = readContent(header.kind, body);
  // The alarm about this very closing must not stop what mends it.
  await write(core, space, head.record, content, { after: { rev: head.rev, hash: head.hash }, despite: LEFT_OUT });
  return true;
}

/** The entries before the closing one, without a join or removal that only that entry completes. */
function wholeSteps(space: Space, closing: number): string[] {
  const { entries } = space.row;
  let end = closing;
  while (end > 1 && needsEpoch(entries[end - 1] ?? '')) end -= 1;
  return entries.slice(0, end);
}

function needsEpoch(entry: string): boolean {
  const [payload = ''] = entry.split('.');
  const { op } = JSON.parse(atob(payload.replace(/-/g, '+').replace(/_/g, '/'))) as { op: string };
  return op === 'join' || op === 'remove' || op === 'revoke';
}
