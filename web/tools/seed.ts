/**
 * Fills a fresh practice with people and records, as their own devices would: everything is made, sealed and signed here.
 *
 *   npm run seed -- --url https://HOST --code CLAIM-CODE --clients 3 --marker TEXT --out FILE [--ca FILE] [--lines N]
 *
 * FILE receives everybody's ways to sign in, kits included: it is for tests only, never for a practice with real people.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { seedPractice } from './seed/practice';
import { main, pathOf, trust } from './starting';

const OPTIONS = { url: { type: 'string' }, code: { type: 'string' }, clients: { type: 'string', default: '3' }, marker: { type: 'string', default: 'marker' }, out: { type: 'string' }, ca: { type: 'string' }, lines: { type: 'string', default: '200000' } } as const;

function asked() {
  const { values } = parseArgs({ options: OPTIONS });
  const { url, code, out } = values;
  const clients = Number(values.clients);
  if (!url || !code || !out || !Number.isSafeInteger(clients) || clients < 0) {
    throw new Error('Usage: npm run seed -- --url URL --code CODE --clients N --marker TEXT --out FILE [--ca FILE] [--lines N]');
  }
  return { url: new URL(url).origin, code, clients, marker: values.marker, out: pathOf(out), ca: values.ca, lines: Number(values.lines) };
}

await main(async () => {
  const { ca, out, ...order } = asked();
  trust(ca);
  const seeded = await seedPractice(order, (line) => process.stderr.write(`${line}\n`));
  await writeFile(out, `${JSON.stringify(seeded, null, 2)}\n`, { mode: 0o600 });
  process.stderr.write(`Written: ${out}\n`);
});
