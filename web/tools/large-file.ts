/**
 * Sends one large file through Chromium from one person to another: sealed, cut off by a reload at about half, gone on with, fetched, and compared
 * by its hash. Prints how long each part took and what memory the server and the pages took at most.
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
import { peakOf } from './large/peaks';
import { main } from './starting';

const UNITS = { MiB: 2 ** 20, GiB: 2 ** 30 } as const;
const SIDES_MAX_MS = 30 * 60_000;

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

/** Times one part of the way. */
async function timed<A>(what: string, act: () => Promise<A>): Promise<A> {
  const began = Date.now();
  const done = await act();
  print(`  ${what.padEnd(34)}${((Date.now() - began) / 1000).toFixed(1).padStart(7)} s`);
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
  try {
    const { coach, client } = await readyPair(world);
    const path = join(practice.folder, 'film.bin');
    const sent = await writeRandom(path, size);
    print(`\n${mib(size)} from one person to another`);
    const used = async (page: typeof coach.page) => (await page.evaluate(() => navigator.storage.estimate())).usage ?? 0;

    await openTab(coach.page, 'Files');
    await timed('sealed on the device', async () => {
      await coach.page.getByLabel('Choose files to send').setInputFiles(path);
      await coach.page.getByText(/^\d+ % of /).waitFor({ timeout: SIDES_MAX_MS });
    });
    const storage = await used(coach.page);
    await timed('sent, cut off at half by a reload', async () => {
      await coach.page.getByText(/^[4-9]\d % of /).waitFor({ timeout: SIDES_MAX_MS });
    });
    const first = peakOf('--type=renderer');
    await coach.page.reload();
    await unlock(coach.page);
    await timed('gone on with, to its end', () => coach.page.getByRole('button', { name: /^Download/ }).waitFor({ timeout: SIDES_MAX_MS }));
    await goTo(client.page, 'My space');
    await client.page.getByRole('link', { name: /^Files/ }).click();
    const got = await timed('fetched, opened and saved', async () => {
      const [saved] = await Promise.all([client.page.waitForEvent('download', { timeout: SIDES_MAX_MS }), client.page.getByRole('button', { name: /^Download/ }).click()]);
      return hashOf(await saved.path());
    });
    print(`  the hash is ${got === sent ? 'the same' : 'ANOTHER'}`);
    print(`  server, at most                 ${mib(peakOf(practice.folder) * 1024)}`);
    print(`  a page's process, at most       ${mib(Math.max(first, peakOf('--type=renderer')) * 1024)}`);
    print(`  private storage while sending   ${mib(storage)}`);
    print(`  private storage afterwards      ${mib(await used(coach.page))} and ${mib(await used(client.page))}`);
    if (got !== sent) throw new Error('What arrived is not what was sent.');
  } finally {
    await end();
    await practice.end();
    await rm(practice.folder, { recursive: true, force: true });
  }
});
