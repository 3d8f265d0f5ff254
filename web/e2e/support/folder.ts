/**
 * While working on the UI: takes the pages from a folder that was built just now, and everything else from the real
 * practice. Without `ALCOVE_E2E_WEB` the pages are those inside the binary, as in every check that counts.
 */
import { existsSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import type { BrowserContext } from '@playwright/test';
import { contentSecurityPolicy } from './csp';

const folder = process.env['ALCOVE_E2E_WEB'];
const headers = { 'Content-Security-Policy': contentSecurityPolicy, 'X-Content-Type-Options': 'nosniff' };

/** Call it before the first page of a context opens. */
export async function pagesFromFolder(context: BrowserContext): Promise<void> {
  if (!folder) return;
  // Answers from here would reach even a device that is offline.
  let isOffline = false;
  const setOffline = context.setOffline.bind(context);
  context.setOffline = (offline) => {
    isOffline = offline;
    return setOffline(offline);
  };
  await context.route(
    (url) => !url.pathname.startsWith('/api/'),
    async (route) => {
      if (isOffline) return route.abort('internetdisconnected');
      const { pathname } = new URL(route.request().url());
      const file = join(folder, normalize(pathname));
      const path = extname(pathname) && existsSync(file) ? file : join(folder, 'index.html');
      await route.fulfill({ path, headers: { ...headers, 'Content-Type': typeOf(path) } });
    },
  );
}

function typeOf(path: string): string {
  const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.wasm': 'application/wasm' };
  return types[extname(path)] ?? 'application/octet-stream';
}
