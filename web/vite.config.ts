import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { fontPreload } from './build/font-preload.ts';
import { iconSprite } from './build/icon-sprite.ts';
import { sayLayerOrder } from './build/layer-order.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Browsers that understand `light-dark()`, so that it is not lowered into two sets of rules. */
const browsers = ['chrome123', 'firefox128', 'safari18'];

export default defineConfig({
  root: here('.'),
  plugins: [svelte(), iconSprite(here('src')), fontPreload(), sayLayerOrder(here('src/styles/all.css'))],
  resolve: { alias: { $lib: here('src/lib') } },
  worker: { format: 'es' },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: browsers,
    cssTarget: browsers,
    // The content security policy allows no data: fonts and no inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    sourcemap: false,
    rolldownOptions: {
      output: {
        // Keys change seldom and screens often: apart, so that a new screen does not fetch them anew.
        codeSplitting: {
          groups: [
            { name: 'runtime', test: /rolldown[\\/]runtime|vite[\\/](preload-helper|modulepreload-polyfill)/, priority: 1 },
            { name: 'words', test: /@scure[\\/]bip39/ },
            { name: 'age', test: /node_modules[\\/](age-encryption|@noble|@scure)[\\/]/ },
            { name: 'protocol', test: /src[\\/]lib[\\/]crypto[\\/](?!stretch)/ },
          ],
        },
      },
    },
  },
  test: {
    include: ['src/**/*.test.ts', 'build/**/*.test.ts', 'tools/**/*.test.ts'],
    environment: 'node',
  },
});
