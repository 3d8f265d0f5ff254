/** Builds the gallery of parts for the tests. It is never part of the product. */
import { fileURLToPath } from 'node:url';
import { mergeConfig } from 'vite';
import base from '../../vite.config.ts';
import { iconSprite } from '../../build/icon-sprite.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const config = mergeConfig(base, {
  root: here('.'),
  publicDir: here('../../public'),
  build: { outDir: here('../../test-results/gallery') },
});
config.plugins = [...(config.plugins ?? []).filter((one: { name?: string }) => one?.name !== 'alcove-icon-sprite'), iconSprite(here('../../src'), here('.'))];
export default config;
