/** An authenticator app on a person's phone, and what they keep on paper. */
import type { Page } from '@playwright/test';
import { totp } from '../../tools/totp';
import { expect } from './world';

export { totp };

/** What a person's phone and paper hold. */
export interface App {
  secret: string;
  recovery: string[];
}

/** Sets up an authenticator app where one is offered; gives its secret and the recovery codes, and goes on. */
export async function setUpTotp(page: Page): Promise<App> {
  await page.getByText('No camera? Type this instead').click();
  const secret = ((await page.locator('.secret').textContent()) ?? '').replace(/\s/g, '');
  // The step before, so that the present one is still good for signing in.
  await page.getByLabel('Code', { exact: true }).fill(totp(secret, -1));
  await expect(page.getByRole('heading', { name: 'Recovery codes' })).toBeVisible();
  const recovery = await page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').allTextContents();
  await page.getByLabel('I kept them in a safe place').check();
  await page.getByRole('button', { name: 'Go on' }).click();
  return { secret, recovery };
}
