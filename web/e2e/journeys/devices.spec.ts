/** Where one is signed in: a second device appears, is named, signed out at once; "that was not me"; and what looks unusual. */
import type { Page } from '@playwright/test';
import { expectGood } from '../support/axe';
import { readyPractice } from '../support/people';
import { picture, screens, show } from '../support/screens';
import { goTo } from '../support/work';
import { expect, test, type Device, type World } from '../support/world';

test.setTimeout(90_000);
// What a device asks that was signed out is refused, which the console tells, too.
test.use({ expectedErrors: /401/ });

const heading = (page: Page, name: string | RegExp, timeout = 10_000) => expect(page.getByRole('heading', { level: 1, name })).toBeVisible({ timeout });

async function everyLook(page: Page, name: string): Promise<void> {
  const before = page.viewportSize();
  for (const screen of screens) {
    await show(page, screen);
    await expectGood(page);
    await picture(page, `devices-${name}-${screen.name}`);
  }
  if (before) await page.setViewportSize(before);
  await page.emulateMedia({ colorScheme: 'light' });
}

/** An owner at a desktop, on Today. */
async function readyDesktop(world: World): Promise<Page> {
  const { page } = await world.device();
  await readyPractice(page, world.practice, 'passkey');
  await heading(page, /^Good /);
  return page;
}

/** A phone comes in by a code of the desktop and gets a passkey. */
async function addPhone(world: World, desktop: Page): Promise<Device> {
  await openSettings(desktop, 'Devices and keys');
  await desktop.getByRole('link', { name: 'Add a device' }).click();
  await desktop.getByRole('button', { name: 'Show a code' }).click();
  const link = (await desktop.locator('p.link').textContent()) ?? '';
  const phone = await world.device({ phone: true });
  await phone.page.goto(link);
  await phone.page.getByRole('button', { name: 'Add this device' }).click();
  await phone.page.getByRole('button', { name: 'Create passkey' }).click();
  await expect(phone.page).toHaveURL(/\/today$/, { timeout: 30_000 });
  return phone;
}

async function openSettings(page: Page, place: string): Promise<void> {
  await goTo(page, 'Settings');
  await page.getByRole('link', { name: place }).first().click();
}

const rows = (page: Page) => page.getByRole('list', { name: 'Where you are signed in' }).getByRole('listitem');

test('a second device appears, is named, and is at the sign-in at once when it is signed out', async ({ world }) => {
  const desktop = await readyDesktop(world);
  await openSettings(desktop, 'Where you are signed in');
  await expect(rows(desktop)).toHaveCount(1);
  await expect(rows(desktop).first().getByText('This device')).toBeVisible();
  const phone = await addPhone(world, desktop);

  await openSettings(desktop, 'Where you are signed in');
  await expect(rows(desktop)).toHaveCount(2);
  const other = rows(desktop).nth(1);
  await expect(other).toContainText('iPhone');
  await everyLook(desktop, 'list');

  // By keyboard alone: a name, and none again.
  await other.getByRole('button', { name: /^Rename/ }).focus();
  await desktop.keyboard.press('Enter');
  await expect(desktop.getByLabel('Name', { exact: true })).toBeFocused();
  await desktop.keyboard.type('My old phone');
  await expectGood(desktop);
  await desktop.keyboard.press('Enter');
  await expect(desktop.getByText('The name is saved.')).toBeVisible();
  await expect(other).toContainText('My old phone');
  await expect(other.getByRole('button', { name: 'Rename My old phone' })).toBeFocused();

  await desktop.keyboard.press('Tab');
  await expect(other.getByRole('button', { name: 'Sign out My old phone' })).toBeFocused();
  await desktop.keyboard.press('Enter');
  const dialog = desktop.getByRole('dialog', { name: 'Sign out My old phone?' });
  await expect(dialog).toBeVisible();
  await everyLook(desktop, 'sign-out');
  await dialog.getByRole('button', { name: 'Sign out' }).focus();
  await desktop.keyboard.press('Enter');
  await expect(desktop.getByText('My old phone is signed out.')).toBeVisible();
  await heading(phone.page, 'Sign in', 3_000);
  await expect(rows(desktop)).toHaveCount(1);
  await expectGood(phone.page);

  // It comes in again by its passkey, as a new device; then everything else is signed out together.
  await phone.page.getByRole('button', { name: 'Use my passkey' }).click();
  await expect(phone.page).toHaveURL(/\/today$/, { timeout: 30_000 });
  await goTo(desktop, 'Today');
  await expect(desktop.getByText(/^New sign-in: .*iPhone/)).toBeVisible();
  await openSettings(desktop, 'Where you are signed in');
  await desktop.getByRole('button', { name: 'Sign out everywhere else' }).click();
  await desktop.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere else' }).click();
  await expect(desktop.getByText('You are signed out everywhere else.')).toBeVisible();
  await heading(phone.page, 'Sign in', 3_000);
  await expect(rows(desktop).nth(1)).toContainText('Signed out');
  await expect(desktop.getByRole('button', { name: 'Sign out everywhere else' })).toBeHidden();
});

test('“that was not me” signs the new device out and leads to the ways to unlock', async ({ world }) => {
  const desktop = await readyDesktop(world);
  const phone = await addPhone(world, desktop);
  await goTo(desktop, 'Today');
  await expect(desktop.getByText(/^New sign-in: .*iPhone/)).toBeVisible();
  await expect(desktop.getByText('Was that you?')).toBeVisible();
  await expect(phone.page.getByText(/^New sign-in/)).toBeHidden();
  await everyLook(desktop, 'notice');
  await desktop.getByRole('button', { name: 'No, that was not me' }).focus();
  await desktop.keyboard.press('Enter');
  const dialog = desktop.getByRole('dialog');
  await expect(dialog.getByRole('heading', { name: /^Was .*iPhone not you\?$/ })).toBeVisible();
  await everyLook(desktop, 'not-me');
  await dialog.getByRole('button', { name: 'Sign it out' }).click();
  await expect(dialog.getByRole('heading', { name: /is signed out$/ })).toBeVisible();
  await heading(phone.page, 'Sign in', 3_000);
  await everyLook(desktop, 'not-me-done');
  await dialog.getByRole('link', { name: 'To devices and keys' }).click();
  await heading(desktop, 'Devices and keys');
  await goTo(desktop, 'Today');
  await expect(desktop.getByText(/^New sign-in/)).toBeHidden();

  // Another one was oneself: the word about it goes, and the device stays.
  const second = await addPhone(world, desktop);
  await goTo(desktop, 'Today');
  await desktop.getByRole('button', { name: 'That was me' }).click();
  await expect(desktop.getByText(/^New sign-in/)).toBeHidden();
  await openSettings(desktop, 'Where you are signed in');
  await expect(rows(desktop)).toHaveCount(2);
  await heading(second.page, /^Good /);
});

/** Runs in a page that nobody is signed in at: signing in as each of these people fails. */
async function fail(people: string[]): Promise<void> {
  const post = (path: string, body: object) => fetch(`/api/v1${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  for (const person of people) {
    const { challenge } = (await (await post('/sign-in/challenges', { person })).json()) as { challenge: string };
    const device = { device: `dev_${'0'.repeat(25)}7`, label: 'Somebody' };
    await post('/sign-ins', { challenge, login_key: 'A'.repeat(43), signature: 'A'.repeat(86), device });
  }
}

test('many accounts that fail from one network stand in the list, and the person is told', async ({ world }) => {
  const desktop = await readyDesktop(world);
  await openSettings(desktop, 'What looks unusual');
  await expect(desktop.getByText('Nothing unusual')).toBeVisible();
  await expectGood(desktop);
  await goTo(desktop, 'Today');
  const me = await desktop.evaluate(async () => ((await (await fetch('/api/v1/me')).json()) as { person: string }).person);
  const stranger = await world.device();
  await stranger.page.goto(`${world.practice.origin}/sign-in`);
  await heading(stranger.page, 'Sign in');
  await stranger.page.evaluate(fail, [me, ...[1, 2, 3, 4].map((n) => `per_${'0'.repeat(25)}${n}`)]);

  await expect(desktop.getByText(/^Somebody tried to sign in as many people here, also as you/)).toBeVisible();
  await everyLook(desktop, 'tried');
  await desktop.getByRole('button', { name: 'I have seen it' }).click();
  await expect(desktop.getByText(/^Somebody tried/)).toBeHidden();
  await goTo(desktop, 'People');
  await desktop.getByRole('link', { name: 'What looks unusual' }).click();
  const row = desktop.getByRole('listitem').filter({ hasText: '5 accounts were tried from one network' });
  await expect(row).toContainText('among them Maya Okafor');
  await everyLook(desktop, 'unusual');
  await row.getByRole('link').click();
  await heading(desktop, 'Maya Okafor');
});
