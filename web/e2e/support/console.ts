/** The test to use everywhere: it fails on any error in the console, any uncaught error and any policy violation. */
import { test as base, expect, type ConsoleMessage, type Page } from '@playwright/test';

interface Watched {
  /** What went wrong so far. A test that provokes an answer like 401 names it in `expectedErrors`. */
  complaints: string[];
  /** Matches the console errors that this test provokes on purpose: `test.use({ expectedErrors: /401|409/ })`. */
  expectedErrors: RegExp | null;
}

/** Adds every complaint of a page to the list. Call it for pages of further contexts. */
export async function watch(page: Page, complaints: string[]): Promise<void> {
  page.on('console', (message: ConsoleMessage) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
}

export const test = base.extend<Watched>({
  complaints: async ({}, use) => use([]),
  expectedErrors: [null, { option: true }],
  page: async ({ page, complaints, expectedErrors }, use) => {
    await watch(page, complaints);
    await use(page);
    const unexpected = complaints.filter((text) => !expectedErrors?.test(text));
    expect(unexpected, 'errors in the console').toEqual([]);
  },
});

export { expect };
