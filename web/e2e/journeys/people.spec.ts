/** The owner looks after people: roles of the practice's own making, rules, suspending and closing an account. */
import type { Page } from '@playwright/test';
import { expectGood } from '../support/axe';
import { readyPractice } from '../support/people';
import { picture, screens, show } from '../support/screens';
import { goTo, readyPair } from '../support/work';
import { expect, test } from '../support/world';

async function everyLook(page: Page, name: string): Promise<void> {
  for (const screen of screens) {
    await show(page, screen);
    await expectGood(page);
    await picture(page, `${name}-${screen.name}`);
  }
  await show(page, screens[0] as (typeof screens)[number]);
}

test('roles of the practice’s own making, and the rules of signing in', async ({ world }) => {
  const { page } = await world.device();
  await readyPractice(page, world.practice, 'passkey');
  await goTo(page, 'People');
  await expect(page.getByText('Maya Okafor (You)')).toBeVisible();
  await page.getByRole('link', { name: /^Roles/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Roles' })).toBeVisible();
  await page.getByRole('button', { name: 'Make a role' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Make it' }).click();
  await expect(dialog.getByLabel('What to call it')).toHaveAccessibleDescription(/Give it a name/);
  await dialog.getByLabel('What to call it').fill('Front desk');
  await dialog.getByRole('checkbox', { name: 'See who is in the practice' }).check();
  await everyLook(page, 'people-role');
  await dialog.getByRole('button', { name: 'Make it' }).click();
  await expect(page.getByText('The role Front desk is made.')).toBeVisible();
  await expect(page.getByText(/spaces they are a member of · See who is in the practice$/)).toBeVisible();
  await everyLook(page, 'people-roles');
  await page.getByRole('button', { name: 'Change Front desk' }).click();
  await dialog.getByLabel('What to call it').fill('Reception');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('The role Reception is changed.')).toBeVisible();
  await page.getByRole('button', { name: 'Change Reception' }).click();
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText('The role is removed.')).toBeVisible();
  await expect(page.getByText('None yet. Make one')).toBeVisible();

  await page.getByRole('link', { name: 'People' }).first().click();
  await page.getByRole('link', { name: /^Rules of signing in/ }).click();
  await expect(page.getByRole('radio', { name: 'Owners and admins', exact: true })).toBeChecked();
  await page.getByLabel(/^Suspend people who work here/).fill('12');
  await page.getByRole('button', { name: 'Save the rules' }).click();
  await expect(page.getByLabel(/^Suspend people who work here/)).toHaveAccessibleDescription(/from 30 to 730/);
  await page.getByLabel(/^Suspend people who work here/).fill('120');
  await page.getByRole('checkbox', { name: 'One session for each person' }).check();
  await everyLook(page, 'people-rules');
  await page.getByRole('button', { name: 'Save the rules' }).click();
  await expect(page.getByText('The rules are saved.')).toBeVisible();
  await goTo(page, 'People');
  await page.getByRole('link', { name: /^Rules of signing in/ }).click();
  await expect(page.getByLabel(/^Suspend people who work here/)).toHaveValue('120');
});

test('what happened to an account stands on a page of its own', async ({ world }) => {
  const { page } = await world.device();
  await readyPractice(page, world.practice, 'passkey');
  await goTo(page, 'People');
  await page.getByRole('link', { name: /^Maya Okafor/ }).click();
  await page.getByRole('link', { name: /^What happened/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'What happened: Maya' })).toBeVisible();
  await expect(page.getByText('The practice was set up')).toBeVisible();
  await expect(page.getByText(/^Something else/)).toHaveCount(0);
  await everyLook(page, 'person-activity');
});

test.describe('somebody who may not come in', () => {
  // A suspended person's requests are refused, which the console tells, too.
  test.use({ expectedErrors: /40[134]/ });

  test('is signed out at once, comes back, and is gone when the account is closed', async ({ world }) => {
    const { coach, client } = await readyPair(world);
    await goTo(coach.page, 'People');
    await everyLook(coach.page, 'people');
    await coach.page.getByRole('link', { name: /^Ana Abara|Ana Abara/ }).click();
    await expect(coach.page.getByRole('heading', { level: 1, name: 'Ana Abara' })).toBeVisible();
    await everyLook(coach.page, 'people-person');
    await coach.page.getByRole('button', { name: /^Suspend/ }).click();
    await coach.page.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click();
    await expect(coach.page.getByText('Ana is suspended.')).toBeVisible();
    await expect(client.page.getByRole('heading', { level: 1, name: /Sign in|Locked/ })).toBeVisible({ timeout: 5_000 });

    await coach.page.getByRole('button', { name: /^Let Ana in again/ }).click();
    await coach.page.getByRole('dialog').getByRole('button', { name: 'Let Ana in again' }).click();
    await expect(coach.page.getByText('Ana may sign in again.')).toBeVisible();

    await coach.page.getByRole('button', { name: /^Close the account/ }).click();
    const dialog = coach.page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Close the account' }).click();
    await expect(dialog.getByLabel(/^Type “Ana”/)).toHaveAccessibleDescription(/Type Ana/);
    await everyLook(coach.page, 'people-close');
    await dialog.getByLabel(/^Type “Ana”/).fill('ana');
    await dialog.getByRole('button', { name: 'Close the account' }).click();
    await expect(coach.page.getByRole('heading', { level: 1, name: 'People' })).toBeVisible();
    await expect(coach.page.getByText(/^Closed today/)).toBeVisible();
  });
});
