/** A second device: the code on the desktop, the phone that scans it, and codes that are good no more. */
import type { Page } from '@playwright/test';
import { expectGood } from '../support/axe';
import { goodPassword, readyPractice } from '../support/people';
import { picture, screens, show } from '../support/screens';
import { expectNoSecretSent } from '../support/traffic';
import { join, openTab, readyPair, unlock } from '../support/work';
import { expect, test } from '../support/world';

test.setTimeout(180_000);
test.use({ expectedErrors: /401/ });

const heading = (page: Page, name: string | RegExp) => expect(page.getByRole('heading', { level: 1, name })).toBeVisible({ timeout: 30_000 });

async function everyLook(page: Page, name: string): Promise<void> {
  const before = page.viewportSize();
  for (const screen of screens) {
    await show(page, screen);
    await expectGood(page);
    await picture(page, `linking-${name}-${screen.name}`);
  }
  if (before) await page.setViewportSize(before);
  await page.emulateMedia({ colorScheme: 'light' });
}

async function toAddDevice(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Settings' }).first().click();
  await page.getByRole('link', { name: 'Devices and keys' }).click();
  await page.getByRole('link', { name: 'Add a device' }).click();
  await heading(page, 'Add a device');
}

async function showCode(page: Page, again = false): Promise<string> {
  await page.getByRole('button', { name: again ? 'Show a new code' : 'Show a code' }).click();
  await expect(page.getByRole('img', { name: 'Code that lets another device of yours in' })).toBeVisible();
  return (await page.locator('p.link').textContent()) ?? '';
}

test('a phone scans the code, gets a passkey, and the desktop asks whether that was you', async ({ world }) => {
  const desktop = await world.device();
  await readyPractice(desktop.page, world.practice, { password: goodPassword });
  await toAddDevice(desktop.page);
  await everyLook(desktop.page, 'before');
  const link = await showCode(desktop.page);
  expect(link).toContain(`${world.practice.origin}/l#slt_`);
  await expect(desktop.page.getByText(/Good for another \d:\d\d/)).toBeVisible();
  await everyLook(desktop.page, 'code');

  const phone = await world.device({ phone: true });
  await phone.page.setViewportSize({ width: 360, height: 740 });
  await phone.page.goto(link);
  await heading(phone.page, 'Add this device to Juniper Coaching');
  expect(phone.page.url()).toBe(`${world.practice.origin}/l`);
  await everyLook(phone.page, 'arrive');
  // Loaded again by the phone: nothing is lost, and nothing was used.
  await phone.page.reload();
  await phone.page.getByRole('button', { name: 'Add this device' }).click();
  await heading(phone.page, 'This device is in, Maya Okafor');
  await expect(desktop.page.getByText(/is coming in$/)).toBeVisible({ timeout: 15_000 });
  await everyLook(phone.page, 'own-way');
  await phone.page.getByRole('button', { name: 'Create a passkey on this device' }).click();
  await expect(phone.page).toHaveURL(/\/today$/, { timeout: 30_000 });
  expect(await phone.authenticator.credentials()).toBe(1);

  await expect(desktop.page.getByText(/was added$/)).toBeVisible({ timeout: 15_000 });
  await everyLook(desktop.page, 'came');
  await desktop.page.getByRole('button', { name: 'Yes, that was me' }).click();
  await desktop.page.getByRole('link', { name: 'Done' }).click();
  // The phone's passkey is in the list, the link is not.
  await expect(desktop.page.getByText(/^Passkey, since/)).toBeVisible();
  expectNoSecretSent(phone.traffic);
  const secret = link.split('.')[1] ?? '';
  for (const { traffic } of [desktop, phone]) expect(traffic.bodies.some((body) => body.includes(secret)), 'the secret of the link was sent').toBe(false);

  // The phone comes back by itself, and so does the desktop.
  await phone.page.goto(`${world.practice.origin}/settings`);
  await phone.page.getByRole('button', { name: /passkey/i }).click();
  await heading(phone.page, 'Settings');
});

test('with the password that the person has, by a link that was pasted; it is good once', async ({ world }) => {
  const desktop = await world.device();
  await readyPractice(desktop.page, world.practice, { password: goodPassword });
  await toAddDevice(desktop.page);
  const link = await showCode(desktop.page);

  const laptop = await world.device({ prf: false });
  await laptop.page.goto(`${world.practice.origin}/sign-in`);
  await laptop.page.getByRole('link', { name: 'From a device where I am signed in' }).click();
  await heading(laptop.page, 'From a device where you are signed in');
  await everyLook(laptop.page, 'paste');
  await laptop.page.getByRole('button', { name: 'Add this device' }).click();
  await expect(laptop.page.getByText('Paste the link.')).toBeVisible();
  await laptop.page.getByLabel('Link from the other device').fill(link.slice(0, -3));
  await laptop.page.getByRole('button', { name: 'Add this device' }).click();
  await expect(laptop.page.getByText('This is no link for a new device')).toBeVisible();
  await laptop.page.getByLabel('Link from the other device').fill(link);
  await laptop.page.getByRole('button', { name: 'Add this device' }).click();
  await heading(laptop.page, 'This device is in, Maya Okafor');
  await laptop.page.getByLabel('Your password').fill('not the password at all');
  await laptop.page.getByRole('button', { name: 'Use my password' }).click();
  await expect(laptop.page.getByText(/choose a new one below/)).toBeVisible();
  await laptop.page.getByLabel('Your password').fill(goodPassword);
  await laptop.page.getByRole('button', { name: 'Use my password' }).click();
  await expect(laptop.page).toHaveURL(/\/today$/, { timeout: 30_000 });

  const thief = await world.device();
  await thief.page.goto(link);
  await thief.page.getByRole('button', { name: 'Add this device' }).click();
  await expect(thief.page.getByText('This code is not good any more')).toBeVisible();
  await expectGood(thief.page);

  // "No": what to do then. And a code that is taken back.
  await expect(desktop.page.getByText(/was added$/)).toBeVisible({ timeout: 15_000 });
  await desktop.page.getByRole('button', { name: 'No, sign it out' }).click();
  await expect(desktop.page.getByText('It is signed out')).toBeVisible();
  // The laptop is out, whatever it shows.
  await expect(laptop.page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible({ timeout: 5_000 });
  await everyLook(desktop.page, 'not-me');
  await desktop.page.getByRole('link', { name: 'To devices and keys' }).click();
  await desktop.page.getByRole('link', { name: 'Add a device' }).click();
  const second = await showCode(desktop.page);
  await desktop.page.getByRole('button', { name: 'Take the code back' }).click();
  await expect(desktop.page.getByText('The code was taken back')).toBeVisible();
  await thief.page.goto(second);
  await thief.page.reload();
  await thief.page.getByRole('button', { name: 'Add this device' }).click();
  await expect(thief.page.getByText('This code is not good any more')).toBeVisible();
});

test('a client who lost everything is invited again, and finds what was shared', async ({ world }) => {
  const { coach, clientPage } = await readyPair(world);
  await openTab(coach.page, 'Messages');
  await coach.page.getByRole('textbox', { name: /message/i }).fill('See you on Monday');
  await coach.page.getByRole('button', { name: 'Send' }).click();
  await expect(coach.page.getByRole('log').getByText('See you on Monday')).toBeVisible();
  await openTab(coach.page, 'Access');
  await coach.page.getByRole('link', { name: 'Has Ana lost everything?' }).click();
  await heading(coach.page, 'Invite Ana');
  await everyLook(coach.page, 'lost');
  await coach.page.getByRole('button', { name: 'Remove access, then invite again' }).click();
  await coach.page.getByLabel('Type “Ana” to go on').fill('Ana');
  await coach.page.getByRole('button', { name: 'Remove access', exact: true }).click();
  await expect(coach.page.getByText('Ana was here before')).toBeVisible();
  await everyLook(coach.page, 'anew');
  await coach.page.getByRole('button', { name: 'Make the link' }).click();
  const link = (await coach.page.getByText(/\/i#/).textContent()) ?? '';
  const anew = await world.device({ phone: true });
  await join(anew.page, link);
  await expect(coach.page.getByText('Ana has joined')).toBeVisible({ timeout: 20_000 });
  // Once the coach's device has confirmed it, the history is there.
  await coach.page.goto(clientPage);
  await unlock(coach.page);
  await expect(coach.page.getByText('Verified').first()).toBeVisible({ timeout: 20_000 });
  await anew.page.goto(`${world.practice.origin}/messages`);
  await unlock(anew.page);
  await expect(anew.page.getByRole('log').getByText('See you on Monday')).toBeVisible({ timeout: 20_000 });
});
