/** What every page must be: without axe violations, without sideways scroll, with targets of 24 px and more. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Page } from '@playwright/test';
import { withWholePage } from './screens';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];

interface AxeResult {
  violations: { id: string; help: string; nodes: { html: string; failureSummary?: string }[] }[];
}

/** Runs axe-core over the page and expects nothing to be found. */
export async function expectAccessible(page: Page): Promise<void> {
  // Evaluated through the debugger, so the page's own policy stays in force.
  await page.evaluate(source);
  const result = await withWholePage(page, async () => {
    await settled(page);
    return page.evaluate(runAxe, tags);
  });
  const found = (result as AxeResult).violations.map((violation) => ({
    rule: `${violation.id}: ${violation.help}`,
    where: violation.nodes.map((node) => `${node.html} — ${node.failureSummary ?? ''}`),
  }));
  expect(found, 'axe violations').toEqual([]);
}

/** Runs inside the page. */
function runAxe(tags: string[]): Promise<unknown> {
  const axe = (globalThis as unknown as { axe: { run(root: Document, options: object): Promise<unknown> } }).axe;
  return axe.run(document, { runOnly: tags, resultTypes: ['violations'] });
}

/** Expects that the page never scrolls sideways. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide, 'pixels of sideways scroll').toBeLessThanOrEqual(0);
}

/** Expects every visible control to be at least 24 × 24 px (links inside a sentence excepted, as WCAG 2.5.8 does). */
export async function expectTargets(page: Page, sizeMin = 24): Promise<void> {
  const small = await page.evaluate((min) => {
    const controls = [...document.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, summary, [role=button]')];
    return controls
      .filter((control) => control.checkVisibility({ visibilityProperty: true }) && !control.closest('p'))
      .map((control) => ({ control, box: (control.closest('label') ?? control).getBoundingClientRect() }))
      .filter(({ box }) => box.width < min || box.height < min)
      .map(({ control, box }) => `${control.outerHTML.slice(0, 120)} ${box.width}×${box.height}`);
  }, sizeMin);
  expect(small, `controls below ${sizeMin} px`).toEqual([]);
}

/** All of the above. */
export async function expectGood(page: Page): Promise<void> {
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await expectTargets(page);
}

/**
 * Waits for fonts and for running animations, which would be measured half way. One that is cut short by the next
 * (a button that goes dark while the page moves it from under the mouse) is followed by that one: until none runs.
 */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    for (;;) {
      await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
      // One that has ended and holds its last look is listed, too.
      const running = document.getAnimations().filter((one) => one.playState === 'running' && one.effect?.getComputedTiming().iterations !== Infinity);
      if (running.length === 0) return;
      await Promise.all(running.map((one) => one.finished.catch(() => undefined)));
    }
  });
}
