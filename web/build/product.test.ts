/** The built product: small at first, the same bytes from every folder, nothing that its policy forbids. */
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const web = join(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'alcove-web-'));
const first = join(scratch, 'first');
const second = join(scratch, 'second');
const sources = ['src', 'build', 'public', 'locales', 'index.html', 'package.json', 'svelte.config.js', 'tsconfig.json', 'vite.config.ts'];

beforeAll(async () => {
  await buildInto(web, first);
  const elsewhere = join(scratch, 'another', 'folder');
  for (const name of sources) cpSync(join(web, name), join(elsewhere, name), { recursive: true });
  symlinkSync(join(web, 'node_modules'), join(elsewhere, 'node_modules'));
  await buildInto(elsewhere, second);
}, 120_000);
afterAll(() => rmSync(scratch, { recursive: true }));

describe('the built product', () => {
  it('keeps the budgets of the first route', () => {
    const scripts = firstRoute('.js');
    const styles = firstRoute('.css');
    const fonts = firstRoute('.woff2');
    expect(fonts).toHaveLength(1);
    expect(weight(scripts), 'scripts').toBeLessThanOrEqual(60_000);
    expect(weight(styles), 'styles').toBeLessThanOrEqual(15_000);
    expect(weight(fonts), 'font').toBeLessThanOrEqual(36_000);
    expect(weight([...scripts, ...styles, ...fonts, 'index.html']), 'all').toBeLessThanOrEqual(130_000);
  });

  it('keeps the budgets of what comes later: keys, words of kits, curves, the reader of codes, the editor', () => {
    const budgets: readonly (readonly [string, number])[] = [['age', 47_500], ['protocol', 25_000], ['words', 20_000], ['start', 50_000], ['trouble', 11_000], ['decode', 16_000]];
    for (const [name, most] of budgets) {
      const chunks = files(first).filter((path) => new RegExp(`^assets/${name}-[\\w-]{8}\\.js$`).test(path));
      expect(chunks.length, name).toBeGreaterThan(0);
      for (const chunk of chunks) expect(weight([chunk]), chunk).toBeLessThanOrEqual(most);
    }
    // The largest of the others is the editor, wherever the bundler puts it; workers bring what they need themselves.
    for (const chunk of files(first).filter((path) => path.endsWith('.js') && !/worker/.test(path))) expect(weight([chunk]), chunk).toBeLessThanOrEqual(75_000);
  });

  it('has no inline script, handler or style', () => {
    const html = readFileSync(join(first, 'index.html'), 'utf8');
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)/);
    expect(html).not.toMatch(/\sstyle=|\son\w+=|<style/);
  });

  it('keeps light and dark in one rule, and no data: addresses in styles', () => {
    const css = files(first).filter((path) => path.endsWith('.css')).map((path) => readFileSync(join(first, path), 'utf8')).join('');
    expect(css).toContain('light-dark(');
    expect(css).not.toContain('url(data:');
  });

  it('says the order of the layers first in every sheet, whichever arrives first', () => {
    const order = '@layer tokens,base,layout,parts,screens,modes;';
    const sheets = files(first).filter((path) => path.endsWith('.css'));
    expect(sheets.length).toBeGreaterThan(5);
    expect(sheets.filter((path) => !readFileSync(join(first, path), 'utf8').startsWith(order))).toEqual([]);
  });

  it('holds nothing of the tests', () => {
    expect(files(first).filter((path) => /gallery|\.test\.|\.spec\./i.test(path))).toEqual([]);
  });

  it('has the same bytes from another folder', () => {
    expect(files(second)).toEqual(files(first));
    for (const path of files(first)) {
      expect(readFileSync(join(second, path)).equals(readFileSync(join(first, path))), path).toBe(true);
    }
  });
});

function buildInto(root: string, outDir: string): Promise<unknown> {
  // Vitest runs in test mode; the product is built in production mode.
  process.env['NODE_ENV'] = 'production';
  return build({ root, configFile: join(root, 'vite.config.ts'), mode: 'production', logLevel: 'error', build: { outDir } });
}

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** What the entry page asks for at once, and what those scripts import without waiting, and the start page. */
function firstRoute(ending: string): string[] {
  const html = readFileSync(join(first, 'index.html'), 'utf8');
  const wanted = new Set([...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(([, path]) => path as string));
  for (const path of files(first)) if (/assets\/Start-[^.]*\.(js|css)$/.test(path)) wanted.add(path);
  for (const path of wanted) {
    if (!path.endsWith('.js')) continue;
    const source = readFileSync(join(first, path), 'utf8');
    for (const [, name] of source.matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g)) wanted.add(`assets/${name}`);
  }
  return [...wanted].filter((path) => path.endsWith(ending));
}

/** Bytes on the wire; fonts are compressed already. */
function weight(paths: string[]): number {
  const sizes = paths.map((path) => {
    const bytes = readFileSync(join(first, path));
    return path.endsWith('.woff2') ? bytes.length : gzipSync(bytes).length;
  });
  return sizes.reduce((sum, size) => sum + size, 0);
}
