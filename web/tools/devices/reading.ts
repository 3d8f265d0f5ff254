/** Everything that a device can read, opened and verified, and counted. */
import type { AlcoveEngine } from '$lib/engine/engine';
import type { RecordRow, Space } from '$lib/engine/space';

export interface Counts {
  readonly spaces: number;
  /** Revisions that the practice holds for this person. */
  readonly stored: number;
  /** Revisions that opened, with every check of the protocol. */
  readonly opened: number;
  readonly kinds: Readonly<Record<string, number>>;
  /** Records and files without the marker. */
  readonly lacking: readonly string[];
  readonly messages: readonly string[];
  readonly alarms: readonly string[];
}

export async function readEverything(engine: AlcoveEngine, marker: string): Promise<Counts> {
  const { core } = engine;
  const spaces = [...core.spaces.values()];
  const kinds: Record<string, number> = {};
  const lacking: string[] = [];
  let stored = 0;
  let opened = 0;
  for (const space of spaces) {
    stored += (await core.ports.store.list<RecordRow>('records', `${core.prefix}${space.id}/`)).length;
    for (const { head, content } of revisionsOf(space)) {
      opened += 1;
      kinds[content.kind] = (kinds[content.kind] ?? 0) + 1;
      // What nobody wrote has no marker.
      const isWritten = content.kind !== 'tombstone' && content.kind !== 'pins';
      if (isWritten && !JSON.stringify(content.body).includes(marker)) lacking.push(`${head.record}.${head.rev}`);
    }
    lacking.push(...(await filesWithout(engine, space, marker)));
  }
  const messages = spaces.flatMap((space) => space.view(core).messages.map(({ text }) => text));
  return { spaces: spaces.length, stored, opened, kinds, lacking, messages, alarms: core.alarms.map(({ code, args }) => (code === 'unexpected' ? String(args['what']) : code)) };
}

function revisionsOf(space: Space) {
  return [...space.records.values()].flat();
}

/** Fetches every file: its hash is compared before it opens. */
async function filesWithout(engine: AlcoveEngine, space: Space, marker: string): Promise<string[]> {
  const without: string[] = [];
  for (const { record } of space.view(engine.core).files) {
    const { blob } = await engine.fetchFile(record);
    if (!(await blob.text()).includes(marker)) without.push(record);
  }
  return without;
}

/** @throws where something did not open, or opened without the marker */
export function requireWhole(name: string, { stored, opened, lacking, alarms }: Counts): void {
  if (opened !== stored) throw new Error(`${name}: ${stored - opened} of ${stored} revisions do not open. Alarms: ${alarms.join(', ') || 'none'}`);
  if (opened === 0) throw new Error(`${name} reads nothing.`);
  if (lacking.length > 0) throw new Error(`${name}: the marker is missing in ${lacking.join(', ')}`);
}
