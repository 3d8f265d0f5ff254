/**
 * Measures the web UI: what the first pages weigh, what comes later, and how long 500 records take to open and verify in Chromium, in the page of a
 * real practice. Prints tables, and fails where a budget is exceeded.
 *
 *   npm run measure            the program is that of ALCOVE_BIN, else the debug build; the pages are built here
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser } from '@playwright/test';
import config from '../playwright.config';
import { RunningPractice } from '../e2e/support/server';
import { Built, pageScript } from './measure/build';
import { BUDGETS_KB, measureFirst, type First } from './measure/first';
import { main } from './starting';

const RECORDS_MS = 1_000;
/** By what is in the chunk: libraries and code of the protocol, the editor. All others have the last. */
const LAZY_KB: readonly (readonly [string, number])[] = [
  // Workers share no chunks with the page: theirs holds age and the hash once more.
  ['/engine/browser/files-worker', 60],
  ['/@noble/', 47.5],
  ['/src/lib/crypto/', 45],
  ['/prosemirror-view/', 75],
  ['', 40],
];
/** Smaller ones are only summed. */
const WORTH_A_LINE_BYTES = 4_000;

let exceeded = 0;

const kb = (bytes: number) => (bytes / 1000).toFixed(1).padStart(7);
const print = (line: string) => process.stdout.write(`${line}\n`);

function verdict(value: number, budget: number): string {
  if (value <= budget) return 'ok';
  exceeded += 1;
  return `over ${budget}`;
}

function printFirst(first: First): void {
  print(`\nFirst page ${first.page}, kB gz`);
  for (const [name, budget] of Object.entries(BUDGETS_KB)) {
    const size = first[name as keyof typeof BUDGETS_KB];
    print(`  ${name.padEnd(10)}${kb(size)}  of ${String(budget).padStart(3)}  ${verdict(size / 1000, budget)}`);
  }
  print(`  ${'keys, later'.padEnd(10)}${kb(first.keys).slice(1)}`);
}

async function printLazy(built: Built): Promise<void> {
  print('\nWhat comes when it is needed, kB gz');
  const sizeOf = async (files: readonly string[]) => (await Promise.all(files.map((file) => built.gz(file)))).reduce((sum, size) => sum + size, 0);
  const rows = await Promise.all([...built.lazy()].map(async ([source, files]) => ({ source, files, size: await sizeOf(files) })));
  const [large, small] = [rows.filter(({ size }) => size >= WORTH_A_LINE_BYTES), rows.filter(({ size }) => size < WORTH_A_LINE_BYTES)];
  for (const { source, files, size } of large.sort((a, b) => b.size - a.size)) {
    const budget = LAZY_KB.find(([part]) => files.some((file) => built.holds(file, part)))?.[1] ?? 0;
    print(`  ${source.padEnd(44)}${kb(size)}  of ${String(budget).padStart(3)}  ${verdict(size / 1000, budget)}`);
  }
  print(`  ${`${small.length} smaller ones together`.padEnd(44)}${kb(small.reduce((sum, { size }) => sum + size, 0))}`);
}

async function printRecords(browser: Browser, origin: string): Promise<void> {
  const page = await browser.newPage();
  await page.goto(`${origin}/sign-in`, { waitUntil: 'networkidle' });
  await page.evaluate(`${await pageScript()}\nglobalThis.measuring = measuring`);
  const measured = (await page.evaluate('measuring.measure()')) as { records: number; text_bytes: number; runs_ms: number[] };
  const [median = Infinity] = [...measured.runs_ms].sort((a, b) => a - b).slice(Math.floor(measured.runs_ms.length / 2));
  const runs = measured.runs_ms.map((ms) => Math.round(ms)).join(', ');
  print(`\n${measured.records} records of ${measured.text_bytes} bytes opened and verified in Chromium: ${Math.round(median)} ms (median of ${runs})  ${verdict(median, RECORDS_MS)}`);
}

/** A practice that is set up, with nobody but its owner. */
function seed(practice: RunningPractice): void {
  const { origin, folder, claimAddress } = practice;
  const given = ['--url', origin, '--code', new URL(claimAddress).hash.slice(1), '--clients', '0', '--out', join(folder, 'seeded.json')];
  const tool = fileURLToPath(new URL('seed.ts', import.meta.url));
  const args = [...process.execArgv, tool, ...given, '--ca', join(folder, 'data/tls/authority.pem')];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The practice could not be seeded: ${stderr}`);
}

await main(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'alcove-measure-'));
  const built = await Built.into(folder);
  process.env['ALCOVE_E2E_WEB'] = folder;
  const { pagesFromFolder } = await import('../e2e/support/folder');
  const practice = await RunningPractice.start();
  const { launchOptions } = config.use ?? {};
  const browser = await chromium.launch({ ...launchOptions, env: { ...process.env, HOME: practice.home } as Record<string, string> });
  const makeContext = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    const context = await makeContext(options);
    await pagesFromFolder(context);
    return context;
  };
  try {
    printFirst(await measureFirst(browser, built, practice.origin));
    seed(practice);
    printFirst(await measureFirst(browser, built, practice.origin));
    await printLazy(built);
    await printRecords(browser, practice.origin);
  } finally {
    await browser.close();
    await practice.end();
    await rm(folder, { recursive: true, force: true });
  }
  if (exceeded > 0) throw new Error(`${exceeded} of these are over their budget.`);
});
