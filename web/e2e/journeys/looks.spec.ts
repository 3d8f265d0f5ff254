/** Every screen of the flows in every look: light and dark, wide, phone, and the width of 400 % zoom. */
import type { Page } from '@playwright/test';
import { expectGood } from '../support/axe';
import { finishSetUp, goodPassword, saveKitFile, useWay } from '../support/people';
import { picture, screens, show } from '../support/screens';
import { expect, test } from '../support/world';

test.setTimeout(240_000);

/** Looks at the present page in every look, then goes back to the first. */
async function everyLook(page: Page, name: string): Promise<void> {
  const before = page.viewportSize();
  for (const screen of screens) {
    await show(page, screen);
    await expectGood(page);
    await picture(page, `${name}-${screen.name}`);
  }
  if (before) await page.setViewportSize(before);
  await page.emulateMedia({ colorScheme: 'light' });
}

const heading = (page: Page, name: string | RegExp) => expect(page.getByRole('heading', { level: 1, name })).toBeVisible({ timeout: 30_000 });

test('set-up, settings, the lock and sign-in', async ({ world }) => {
  const { page } = await world.device();
  await page.goto(world.practice.claimAddress);
  await heading(page, 'Set up a new practice');
  await everyLook(page, 'claim');
  await page.getByRole('button', { name: 'Begin' }).click();
  await heading(page, 'Your practice');
  await everyLook(page, 'practice');
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByLabel('Name of the practice')).toHaveAccessibleDescription(/Type the name/);
  await expect(page.getByLabel('Name of the practice')).toBeFocused();
  await page.getByLabel('Name of the practice').fill('Juniper Coaching');
  await page.getByRole('button', { name: 'Go on' }).click();
  await heading(page, 'Your sign-in');
  await page.getByLabel('Your name').fill('Maya Okafor');
  await page.getByLabel('Your password').fill('juniper boat');
  await everyLook(page, 'owner');
  await useWay(page, { password: goodPassword });
  await heading(page, 'Save your kits');
  await everyLook(page, 'kits');
  await finishSetUp(page);
  await page.getByRole('link', { name: 'Settings' }).first().click();
  await page.getByRole('link', { name: 'Devices and keys' }).click();
  await heading(page, 'Devices and keys');
  await everyLook(page, 'keys');
  await page.getByRole('link', { name: 'Settings' }).first().click();
  await page.getByRole('link', { name: 'Everything of mine' }).click();
  await heading(page, 'Everything of mine');
  await everyLook(page, 'data');
  await page.getByRole('link', { name: 'Settings' }).first().click();
  await page.getByRole('button', { name: /^Lock now/ }).click();
  await heading(page, 'Locked');
  await everyLook(page, 'locked');
  await page.getByLabel('Your password').fill(goodPassword);
  await page.getByRole('button', { name: 'Unlock' }).click();
  await page.getByRole('button', { name: /^Sign out/ }).click();
  await heading(page, 'Sign in');
  await everyLook(page, 'sign-in');
  await page.getByRole('link', { name: 'I have my kit' }).click();
  await heading(page, 'I have my kit');
  await everyLook(page, 'kit-way');
});

test('joining', async ({ world }) => {
  const coach = await world.device();
  await coach.page.goto(world.practice.claimAddress);
  await coach.page.getByRole('button', { name: 'Begin' }).click();
  await coach.page.getByLabel('Name of the practice').fill('Juniper Coaching');
  await coach.page.getByRole('button', { name: 'Go on' }).click();
  await coach.page.getByLabel('Your name').fill('Maya Okafor');
  await useWay(coach.page, 'passkey');
  await heading(coach.page, 'Save your kits');
  await finishSetUp(coach.page);
  await coach.page.getByRole('link', { name: 'Add a client' }).first().click();
  await coach.page.getByRole('textbox', { name: 'Name' }).fill('Ana');
  await coach.page.getByLabel('Welcome message').fill('Good to meet you on Thursday. Our notes and messages will live here. See you soon, Maya');
  await coach.page.getByRole('button', { name: 'Add and make the link' }).click();
  const link = (await coach.page.getByText(/\/i#inv_/).innerText()).trim();

  const { page } = await world.device({ phone: true });
  await page.goto(link);
  await heading(page, /invites you/);
  await everyLook(page, 'join-invitation');
  await page.getByRole('button', { name: 'Join Maya' }).click();
  await heading(page, 'Choose how you unlock');
  await everyLook(page, 'join-unlock');
  await useWay(page, 'passkey');
  await heading(page, 'Save your kit');
  await everyLook(page, 'join-kit');
  await saveKitFile(page, 'Save my kit');
  await heading(page, 'Welcome, Ana');
  await everyLook(page, 'join-welcome');
});
