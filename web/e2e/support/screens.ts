/** The looks in which every page is shown: light and dark, wide and phone, and the width of 400 % zoom. */
import type { Page } from '@playwright/test';

export interface Screen {
  name: string;
  width: number;
  height: number;
  scheme: 'light' | 'dark';
}

const sizes = [
  { name: 'wide', width: 1440, height: 900 },
  { name: 'phone', width: 360, height: 740 },
  { name: 'reflow', width: 320, height: 512 },
] as const;

export const screens: readonly Screen[] = sizes.flatMap((size) =>
  (['light', 'dark'] as const).map((scheme) => ({ ...size, scheme, name: `${size.name}-${scheme}` })),
);

/** Gives the page this look. */
export async function show(page: Page, screen: Screen): Promise<void> {
  await page.setViewportSize({ width: screen.width, height: screen.height });
  await page.emulateMedia({ colorScheme: screen.scheme });
}

/** Keeps a picture of the whole page under test-results/screens. */
export async function picture(page: Page, name: string): Promise<void> {
  const path = `test-results/screens/${name}.png`;
  await withWholePage(page, () => page.screenshot({ path, animations: 'disabled' }));
}

/** Does something while the window is as tall as the page, so that bars at its edge cover nothing. */
export async function withWholePage<T>(page: Page, act: () => Promise<T>): Promise<T> {
  const before = page.viewportSize();
  const height = await page.evaluate(() => document.fonts.ready.then(() => document.documentElement.scrollHeight));
  if (!before || height <= before.height) return act();
  await page.setViewportSize({ width: before.width, height });
  try {
    return await act();
  } finally {
    await page.setViewportSize(before);
  }
}
