/**
 * Says the order of the style layers at the head of every style sheet. Sheets arrive in any order, and the first one
 * that names a layer fixes its rank: without this, parts that are fetched first would lose against the base.
 */
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

/** The statement that `src/styles/all.css` begins with. */
export function layerOrder(allCss: string): string {
  const statement = /@layer [\w-]+(?:, ?[\w-]+)+;/.exec(readFileSync(allCss, 'utf8'))?.[0];
  if (!statement) throw new Error(`${allCss} does not say the order of the layers`);
  return statement.replaceAll(', ', ',');
}

/** The Vite plugin; runs after the sheets are made small, which would leave the statement out. */
export function sayLayerOrder(allCss: string): Plugin {
  return {
    name: 'alcove-layer-order',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const statement = layerOrder(allCss);
      for (const asset of Object.values(bundle)) {
        if (asset.type === 'asset' && asset.fileName.endsWith('.css')) asset.source = `${statement}${String(asset.source)}`;
      }
    },
  };
}
