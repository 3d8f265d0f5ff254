/**
 * Signs in as everybody of a seeded practice, opens and verifies all that they can read, and prints counts as JSON. Fails where a record does not
 * open, or opens without the seed's marker.
 *
 *   npm run read -- --url https://HOST --in FILE [--ca FILE]
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Device, personOf, type Who } from './devices/device';
import { requireWhole } from './devices/reading';
import type { Seeded } from './seed/practice';
import { main, pathOf, trust } from './starting';

await main(async () => {
  const { url, in: from, ca } = parseArgs({ options: { url: { type: 'string' }, in: { type: 'string' }, ca: { type: 'string' } } }).values;
  if (!url || !from) throw new Error('Usage: npm run read -- --url URL --in FILE [--ca FILE]');
  trust(ca);
  const seeded = JSON.parse(await readFile(pathOf(from), 'utf8')) as Seeded;
  const everybody: Who[] = ['owner', ...seeded.clients.keys()];
  const people = [];
  for (const who of everybody) {
    const { name } = personOf(seeded, who);
    const device = await Device.of(seeded, who, new URL(url).origin);
    await device.signIn('kit');
    const { messages, ...counts } = await device.read();
    device.close();
    requireWhole(name, { messages, ...counts });
    people.push({ name, ...counts });
  }
  process.stdout.write(`${JSON.stringify({ people }, null, 2)}\n`);
});
