/**
 * What records say about what the practice does not show. Judged only once everything was fetched: before, what is missing may simply be on its way.
 */
import { countOf, missingBelow, RecordsNotBroughtBack, RecordsWithheld, RecordUnknownDirectory, without, type Range } from '$lib/crypto';
import { clear, raise } from './alarms';
import type { Core } from './core';
import { isBeforeAllIsBack, isRestoring } from './device';
import { catchUp, knownHeads } from './directory';
import { HIDDEN, letGo } from './knowing';
import { evidenceOf, type Space } from './space';
import { spacePut } from './sync';

/** Judges a space that was fetched to its end. @throws alarms about the directory, which are the practice's */
export async function judge(core: Core, space: Space): Promise<void> {
  if (space.alarm !== null || isRestoring(core.open().account)) return;
  await judgeDirectory(core, space);
  judgeNumbers(core, space);
}

/** Every directory that an author names is one that this device has followed, too. */
async function judgeDirectory(core: Core, space: Space): Promise<void> {
  const settled = new Set(space.row.settled);
  const unknown = async () => {
    const known = await knownHeads(core);
    for (const head of space.namedHeads.keys()) if (known.has(head)) space.namedHeads.delete(head);
    return [...space.namedHeads.values()].filter(({ dir, ts }) => !settled.has(`directory ${dir}`) && !isBeforeAllIsBack(core.open().account, Date.parse(ts)));
  };
  if (space.namedHeads.size === 0 || (await unknown()).length === 0) return;
  // The author may simply have been ahead of this device.
  await catchUp(core);
  for (const { author, dir } of await unknown()) {
    raise(core, new RecordUnknownDirectory(dir), { space: space.id, person: author, evidence: [`directory ${dir}`] });
  }
}

/** Every number below the newest of a device is here, unless its author said that it was not taken, or this member cannot know. */
function judgeNumbers(core: Core, space: Space): void {
  const isComingBack = isBeforeAllIsBack(core.open().account, core.ports.clock.now());
  for (const [device, { author, taken, newest }] of space.counts) {
    const open: readonly Range[] = [[0, floorOf(space, device)], ...newest.open, ...settledNumbers(space, device)];
    const missing = without(missingBelow(newest.seq, taken.keys()), open);
    const facts = { space: space.id, person: author };
    if (missing.length === 0 || !isComingBack) clear(core, ({ code, ...found }) => code === 'RecordsNotBroughtBack' && found.space === space.id && found.person === author);
    if (missing.length === 0) continue;
    if (isComingBack) raise(core, new RecordsNotBroughtBack(countOf(missing)), { ...facts, stops: false });
    else raise(core, new RecordsWithheld(countOf(missing)), { ...facts, evidence: missing.map((range) => evidenceOf(device, range)) });
  }
}

/**
 * The highest number that may lie in an epoch which this member was not granted: whoever joined without history cannot judge what was before, and
 * nobody can while the newest key has not arrived.
 */
function floorOf({ roster, keys }: Space, device: string): number {
  const hidden = roster.epochs.findLast(({ n }) => !keys.has(n));
  if (hidden === undefined) return 0;
  if (hidden.last === null) return Infinity;
  return Math.max(0, ...roster.epochs.slice(0, hidden.n).map(({ last }) => last?.get(device) ?? 0));
}

function settledNumbers({ row }: Space, device: string): Range[] {
  return row.settled.flatMap((evidence): Range[] => {
    const [what, whose, from, to] = evidence.split(' ');
    return what === 'numbers' && whose === device ? [[Number(from), Number(to)]] : [];
  });
}

/** A person has looked: what was found is settled, and is told again only where there is more of it. */
export async function acknowledge(core: Core, alarm: string): Promise<void> {
  const found = core.alarms.find((known) => known.alarm === alarm);
  const space = found?.space ? core.spaces.get(found.space) : undefined;
  const evidence = core.evidence.get(alarm) ?? [];
  clear(core, (known) => known.alarm === alarm);
  for (const one of evidence) if (one.startsWith(HIDDEN)) await letGo(core, one.slice(HIDDEN.length));
  if (!space || evidence.length === 0) return;
  space.row = { ...space.row, settled: [...new Set([...space.row.settled, ...evidence])] };
  await core.ports.store.write(spacePut(core, space.row));
}
