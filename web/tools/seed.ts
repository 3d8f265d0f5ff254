/**
 * Fills a fresh practice with people and records, as their own devices would: everything is made, sealed and signed here.
 *
 *   npm run seed -- --url https://HOST --code CLAIM-CODE --clients 3 --marker TEXT --out FILE [--ca FILE]
 *
 * FILE receives everybody's ways to sign in, kits included: it is for tests only, never for a practice with real people.
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { seedPractice } from './seed/practice';

/** Set in the second start. */
const STARTED = 'ALCOVE_SEED_STARTED';

const OPTIONS = { url: { type: 'string' }, code: { type: 'string' }, clients: { type: 'string', default: '3' }, marker: { type: 'string', default: 'marker' }, out: { type: 'string' }, ca: { type: 'string' } } as const;

function asked() {
  const { values } = parseArgs({ options: OPTIONS });
  const { url, code, out } = values;
  const clients = Number(values.clients);
  if (!url || !code || !out || !Number.isSafeInteger(clients) || clients < 0) {
    throw new Error('Usage: npm run seed -- --url URL --code CODE --clients N --marker TEXT --out FILE [--ca FILE]');
  }
  return { url: new URL(url).origin, code, clients, marker: values.marker, out: resolve(process.env['INIT_CWD'] ?? '.', out), ca: values.ca };
}

/** Node reads extra authorities only when it starts, so this starts once more. */
function againWith(ca: string): never {
  const file = resolve(process.env['INIT_CWD'] ?? '.', ca);
  const args = [...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit', env: { ...process.env, NODE_EXTRA_CA_CERTS: file, [STARTED]: '1' } });
  process.exit(status ?? 1);
}

try {
  const { ca, out, ...order } = asked();
  if (ca && !process.env[STARTED]) againWith(ca);
  const seeded = await seedPractice(order, (line) => process.stderr.write(`${line}\n`));
  await writeFile(out, `${JSON.stringify(seeded, null, 2)}\n`, { mode: 0o600 });
  process.stderr.write(`Written: ${out}\n`);
  process.exit(0);
} catch (error) {
  const { name, message, next, code } = error as Error & { next?: string; code?: string };
  process.stderr.write(`${code ?? name}: ${message} ${next ?? ''}\n${process.env['SEED_TRACE'] ? (error as Error).stack : ''}\n`);
  process.exit(1);
}
