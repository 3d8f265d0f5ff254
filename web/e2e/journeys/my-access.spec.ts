/** What people see of their own accounts, and the review of who has access. */
import type { Page } from '@playwright/test';
import { expectGood } from '../support/axe';
import { readyPractice } from '../support/people';
import { picture, screens, show } from '../support/screens';
import { readyPair } from '../support/work';
import { expect, test } from '../support/world';

async function expectGoodLooks(page: Page, name: string): Promise<void> {
  for (const screen of screens) {
    await show(page, screen);
    await expectGood(page);
    await picture(page, `${name}-${screen.name}`);
  }
}

async function openMyAccess(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Settings' }).first().click();
  await page.getByRole('link', { name: 'My access' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'My access' })).toBeVisible();
}

test('a client and a coach see their sign-ins and who can read what', async ({ world }) => {
  const { coach, client } = await readyPair(world);
  const hers = client.page;
  await hers.getByRole('link', { name: 'My space' }).first().click();
  await openMyAccess(hers);
  await expect(hers.getByText('You joined')).toBeVisible();
  await expect(hers.getByText(/\(Berlin\)/).first()).toBeVisible();
  await expect(hers.getByRole('heading', { name: 'Who touched my account' })).toBeVisible();
  await expect(hers.getByRole('heading', { name: 'Who can read what' })).toBeVisible();
  await expectGoodLooks(hers, 'my-access-client');

  await openMyAccess(coach.page);
  await expect(coach.page.getByText('Ana Abara')).toBeVisible();
  await expectGoodLooks(coach.page, 'my-access-owner');
});

test('a review is begun, decided by keys, signed, and printed', async ({ world }) => {
  const { page } = await world.device();
  await readyPractice(page, world.practice, 'passkey');
  await page.getByRole('link', { name: 'Settings' }).first().click();
  await page.getByRole('link', { name: 'Access review' }).click();
  await expect(page.getByText('No review yet')).toBeVisible();
  await expectGood(page);
  await page.getByRole('button', { name: 'Begin a review' }).click();
  const choice = page.getByRole('group', { name: 'What to do about Maya Okafor' });
  await expect(choice).toBeVisible();
  await expect(page.getByRole('button', { name: 'Sign the review' })).toBeDisabled();
  await choice.getByRole('radio', { name: 'Keep' }).focus();
  await page.keyboard.press('c');
  await expect(choice.getByRole('radio', { name: 'Change the role' })).toBeChecked();
  await page.getByLabel('Note').fill('two of us look after this');
  await page.getByLabel('Note').blur();
  await expectGoodLooks(page, 'review-open');
  await show(page, screens[0] as (typeof screens)[number]);
  await choice.getByRole('radio').first().focus();
  await page.keyboard.press('k');
  await expect(choice.getByRole('radio', { name: 'Keep' })).toBeChecked();
  await page.getByRole('button', { name: 'Sign the review' }).click();
  await expect(page.getByText(/Signed by Maya Okafor/)).toBeVisible();
  await expectGoodLooks(page, 'review-signed');

  await page.evaluate(() => (window.print = () => document.documentElement.setAttribute('data-asked', 'print')));
  await page.getByRole('button', { name: /^Print the report/ }).click();
  await expect(page.locator('html[data-asked]')).toBeAttached();
  await page.emulateMedia({ media: 'print', colorScheme: 'light' });
  await expect(page.getByRole('heading', { name: /^Access review of / })).toBeVisible();
  await expect(page.getByRole('cell', { name: /Keep/ })).toBeVisible();
  await picture(page, 'review-report');
});
