/**
 * Puts one hidden SVG sprite into every HTML entry, made of exactly the icons that the sources name.
 * It must not add scripts, styles or requests: icons appear with the first paint.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';
import { iconNames } from '../src/lib/ui/icons.ts';

const require = createRequire(import.meta.url);
const lucide = join(dirname(require.resolve('lucide-static/package.json')), 'icons');

/** The drawing inside one Lucide icon, without its wrapper. */
export function drawing(name: string): string {
  const svg = readFileSync(join(lucide, `${name}.svg`), 'utf8');
  const inner = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(svg)?.[1];
  if (!inner) throw new Error(`Lucide icon ${name} has no drawing`);
  return inner.replace(/\s*\n\s*/g, '').replace(/ \/>/g, '/>');
}

/** Those of the listed icons whose name stands as a quoted string somewhere under the folders. */
export function iconsUsed(folders: string[]): string[] {
  const text = folders.flatMap(sources).map((path) => readFileSync(path, 'utf8')).join('\n');
  return iconNames.filter((name) => [`'${name}'`, `"${name}"`].some((quoted) => text.includes(quoted)));
}

/** The sprite: one symbol per icon, under the id `i-<name>`. */
export function sprite(names: readonly string[]): string {
  const symbols = names.map((name) => `<symbol id="i-${name}" viewBox="0 0 24 24">${drawing(name)}</symbol>`);
  return `<svg class="sprite" aria-hidden="true">${symbols.join('')}</svg>`;
}

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(svelte|ts)$/.test(path) && !path.endsWith('icons.ts') && !path.endsWith('.test.ts'))
    .sort()
    .map((path) => join(folder, path));
}

/** The Vite plugin; `folders` are searched for icon names. */
export function iconSprite(...folders: string[]): Plugin {
  return {
    name: 'alcove-icon-sprite',
    transformIndexHtml: (html) => html.replace('<body>', `<body>\n    ${sprite(iconsUsed(folders))}`),
  };
}
