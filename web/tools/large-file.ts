/**
 * Sends one large file through Chromium from one person to another: sealed, cut off by a reload at about half, gone on with, fetched, and compared
 * by its hash. Prints how long each part took and what memory the server took at most and the pages held.
 *
 *   npm run measure:file -- --size 950MiB    the program is that of ALCOVE_BIN, else the debug build
 */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import config from '../playwright.config';
import { plugIn } from '../e2e/support/passkeys';
import { RunningPractice } from '../e2e/support/server';
import { goTo, openTab, readyPair, unlock } from '../e2e/support/work';
import type { World } from '../e2e/support/world';
import { Held, peakOf } from './large/peaks';
import { main } from './starting';

const UNITS = { MiB: 2 ** 20, GiB: 2 ** 30 } as const;
const SIDES_MAX_MS = 30 * 60_000;
/** What a page may hold of its own, whatever the file's size. Sealing and sending take a third of it. */
const HELD_MAX = 600 * 2 ** 20;

const print = (line: string) => process.stdout.write(`${line}\n`);
const mib = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;

function sizeOf(given: string): number {
  const [, count, unit] = /^(\d+)(MiB|GiB)$/.exec(given) ?? [];
  if (!unit) throw new Error('Say the size as 256MiB or 1GiB.');
  return Number(count) * UNITS[unit as keyof typeof UNITS];
}

async function writeRandom(path: string, size: number): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'w');
  for (let left = size; left > 0; left -= 2 ** 20) {
    const part = randomBytes(Math.min(left, 2 ** 20));
    hash.update(part);
    await file.write(part);
  }
  await file.close();
  return hash.digest('hex');
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path)) hash.update(part as Buffer);
  return hash.digest('hex');
}

/** Times one part of the way, and says what the largest page held of its own meanwhile. */
async function timed<A>(held: Held, what: string, act: () => Promise<A>): Promise<A> {
  const began = Date.now();
  held.since();
  const done = await act();
  print(`  ${what.padEnd(34)}${((Date.now() - began) / 1000).toFixed(1).padStart(7)} s, a page holds at most ${mib(held.since())}`);
  return done;
}

async function worldOf(practice: RunningPractice): Promise<{ world: World; end: () => Promise<void> }> {
  const browser = await chromium.launch({ ...config.use?.launchOptions, env: { ...process.env, HOME: practice.home } as Record<string, string> });
  const device = async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB', timezoneId: 'Europe/Berlin', acceptDownloads: true });
    const page = await context.newPage();
    return { page, context, authenticator: await plugIn(page, { prf: true }) };
  };
  return { world: { practice, device } as unknown as World, end: () => browser.close() };
}

await main(async () => {
  const { values } = parseArgs({ options: { size: { type: 'string', default: '950MiB' } } });
  const size = sizeOf(values.size);
  const practice = await RunningPractice.start();
  const { world, end } = await worldOf(practice);
  const held = new Held('--type=renderer');
  try {
    const { coach, client } = await readyPair(world);
    const path = join(practice.folder, 'film.bin');
    const sent = await writeRandom(path, size);
    print(`\n${mib(size)} from one person to another`);
    const used = async (page: typeof coach.page) => (await page.evaluate(() => navigator.storage.estimate())).usage ?? 0;

    await openTab(coach.page, 'Files');
    print(`  before, a page holds            ${mib(held.since())}`);
    await timed(held, 'sealed on the device', async () => {
      await coach.page.getByLabel('Choose files to send').setInputFiles(path);
      await coach.page.getByText(/^\d+ % of /).waitFor({ timeout: SIDES_MAX_MS });
    });
    const storage = await used(coach.page);
    await timed(held, 'sent, cut off at half by a reload', async () => {
      await coach.page.getByText(/^[4-9]\d % of /).waitFor({ timeout: SIDES_MAX_MS });
    });
    const first = peakOf('--type=renderer');
    await coach.page.reload();
    await unlock(coach.page);
    await timed(held, 'gone on with, to its end', () => coach.page.getByRole('button', { name: /^Download/ }).waitFor({ timeout: SIDES_MAX_MS }));
    await goTo(client.page, 'My space');
    await client.page.getByRole('link', { name: /^Files/ }).click();
    const got = await timed(held, 'fetched, opened and saved', async () => {
      const [saved] = await Promise.all([client.page.waitForEvent('download', { timeout: SIDES_MAX_MS }), client.page.getByRole('button', { name: /^Download/ }).click()]);
      return hashOf(await saved.path());
    });
    print(`  the hash is ${got === sent ? 'the same' : 'ANOTHER'}`);
    print(`  server, at most                 ${mib(peakOf(practice.folder))}`);
    print(`  a page with its files, at most  ${mib(Math.max(first, peakOf('--type=renderer')))}`);
    print(`  private storage while sending   ${mib(storage)}`);
    print(`  private storage afterwards      ${mib(await used(coach.page))} and ${mib(await used(client.page))}`);
    if (got !== sent) throw new Error('What arrived is not what was sent.');
    if (held.overall > HELD_MAX) throw new Error(`A page held ${mib(held.overall)} of its own, more than ${mib(HELD_MAX)}: its memory grows with the file.`);
  } finally {
    held.end();
    await end();
    await practice.end();
    await rm(practice.folder, { recursive: true, force: true });
  }
});
