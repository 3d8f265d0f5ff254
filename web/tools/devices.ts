/**
 * Devices of a seeded practice's people, driven by a test: one JSON object a line in, one out. Each keeps in memory what a browser would keep, for
 * as long as this process lives.
 *
 *   npm run --silent devices -- --url https://HOST --in FILE [--ca FILE]
 *
 *   {"as": "owner" | 0 | 1 …, "do": "sign-in", "by": "kit" | "password"}     "sign-out"   "me"   "read"   "sign-restore"
 *   {"as": …, "do": "say" | "force", "text": "…"}                            {"as": …, "do": "export", "to": PATH}
 *
 * Answers {"ok": …} or {"error": CODE, "message": SENTENCE}.
 */
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { Device, type Who } from './devices/device';
import type { Seeded } from './seed/practice';
import { codeOf, main, pathOf, trust } from './starting';

interface Order {
  readonly as: Who;
  readonly do: string;
  readonly by?: 'kit' | 'password';
  readonly text?: string;
  readonly to?: string;
}

async function obey(device: Device, { do: verb, by = 'kit', text = '', to = '' }: Order): Promise<unknown> {
  switch (verb) {
    case 'sign-in':
      return device.signIn(by);
    case 'sign-out':
      return device.signOut();
    case 'me':
      return device.me();
    case 'read':
      return device.read();
    case 'say':
      return device.say(text);
    case 'force':
      return device.force(text);
    case 'sign-restore':
      return device.signRestore();
    case 'export':
      return device.exportTo(pathOf(to));
    default:
      throw new Error(`A device does not know “${verb}”.`);
  }
}

await main(async () => {
  const { url, in: from, ca } = parseArgs({ options: { url: { type: 'string' }, in: { type: 'string' }, ca: { type: 'string' } } }).values;
  if (!url || !from) throw new Error('Usage: npm run --silent devices -- --url URL --in FILE [--ca FILE]');
  trust(ca);
  const seeded = JSON.parse(await readFile(pathOf(from), 'utf8')) as Seeded;
  const devices = new Map<Who, Device>();
  for await (const line of createInterface({ input: process.stdin })) {
    let answer: unknown;
    try {
      const order = JSON.parse(line) as Order;
      const device = devices.get(order.as) ?? (await Device.of(seeded, order.as, new URL(url).origin));
      devices.set(order.as, device);
      answer = { ok: (await obey(device, order)) ?? null };
    } catch (error) {
      answer = { error: codeOf(error), message: (error as Error).message };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
});
