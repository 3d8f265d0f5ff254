/**
 * Asks the browser to fetch the one Latin font file together with the style sheet, so that text does not jump.
 * It must not touch any other asset.
 */
import type { Plugin } from 'vite';

const latin = /atkinson-hyperlegible-next-latin-wght-normal.*\.woff2$/;

/** The Vite plugin; does nothing in the development server. */
export function fontPreload(): Plugin {
  return {
    name: 'alcove-font-preload',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        const file = Object.keys(bundle ?? {}).find((name) => latin.test(name));
        if (!file) return [];
        const attrs = { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: true, href: `/${file}` };
        return [{ tag: 'link', attrs, injectTo: 'head' as const }];
      },
    },
  };
}
