/** What a browser that was never here fetches for a first page, by kind. Keys, which come after the first picture, are counted apart. */
import type { Browser } from '@playwright/test';
import type { Built } from './build';

/** kB of 1000 bytes, gz; UI.md, "Budgets". */
export const BUDGETS_KB = { js: 60, css: 15, font: 36, total: 130 } as const;

export interface First {
  readonly page: string;
  readonly js: number;
  readonly css: number;
  readonly font: number;
  /** All of these and the document. */
  readonly total: number;
  /** The chunk with keys, and what it brings. */
  readonly keys: number;
}

/** The chunk with keys, and the words for what it may refuse, which are fetched with it. */
const ENGINE = ['src/lib/engine/browser/start.ts', 'locales/en/trouble.ftl?raw'];

export async function measureFirst(browser: Browser, built: Built, address: string): Promise<First> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const fetched = new Set<string>();
  page.on('response', (response) => fetched.add(new URL(response.url()).pathname.slice(1)));
  await page.goto(address, { waitUntil: 'networkidle' });
  const path = new URL(page.url()).pathname;
  await context.close();
  const core = built.closure('index.html');
  const keys = new Set(ENGINE.flatMap((source) => [...built.closure(source)]).filter((file) => !core.has(file)));
  const sizeOf = async (files: readonly string[]) => (await Promise.all(files.map((file) => built.gz(file)))).reduce((sum, size) => sum + size, 0);
  const assets = [...fetched].filter((file) => file.startsWith('assets/'));
  const first = (ending: string) => sizeOf(assets.filter((file) => file.endsWith(ending) && !keys.has(file)));
  const [js, css, font, html] = await Promise.all([first('.js'), first('.css'), first('.woff2'), built.gz('index.html')]);
  return { page: path, js, css, font, total: js + css + font + html, keys: await sizeOf([...keys]) };
}
