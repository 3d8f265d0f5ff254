/** Runs inside the page of a real practice: the protocol's costs in a browser, under the page's own content security policy. */
import { openRecord, sealRecord, type Held, type SealedRecord } from '../../src/lib/crypto';
import { Server } from '../../src/lib/crypto/tests/server';
import { Device } from '../../src/lib/crypto/tests/world';

const RECORDS = 500;
const RUNS = 5;

interface Measured {
  readonly records: number;
  readonly text_bytes: number;
  readonly runs_ms: readonly number[];
}

async function openAll(held: Held, space: string, records: readonly SealedRecord[]): Promise<number> {
  const start = performance.now();
  for (const { bytes, header } of records) await openRecord(bytes, { space, id: header.id, rev: 1 }, held.roster, held.keys);
  return performance.now() - start;
}

/** Seals records of a page of text each, then opens and verifies all of them, some times over. */
export async function measure(): Promise<Measured> {
  const coach = await Device.of(new Server());
  const space = await coach.found();
  const held = await coach.follow(space);
  const text = 'boundary work, homework set. '.repeat(30);
  const records: SealedRecord[] = [];
  for (let n = 0; n < RECORDS; n++) records.push(await sealRecord(held, coach.order(space, text)));
  const runs_ms: number[] = [];
  for (let run = 0; run < RUNS; run++) runs_ms.push(await openAll(held, space, records));
  return { records: RECORDS, text_bytes: text.length, runs_ms };
}
