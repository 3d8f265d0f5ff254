/** A colleague joins the practice by link, covers for a client until a day, is out once it is over, and is handed the client. The client sees all of it. */
import type { Page } from '@playwright/test';
import { expectGood } from '../support/axe';
import { readyPractice, saveKitFile, typeWords } from '../support/people';
import { picture, screens, show } from '../support/screens';
import { expectNoSecretSent } from '../support/traffic';
import { addClient, goTo, join, openTab, unlock } from '../support/work';
import { expect, test } from '../support/world';

const DAY_MS = 86_400_000;

/** A day from today on, as a date field takes it. */
function day(ahead: number): string {
  return new Date(Date.now() + ahead * DAY_MS).toISOString().slice(0, 10);
}

/** A page in the looks of a wide screen and a phone, light and dark. */
async function looks(page: Page, name: string): Promise<void> {
  const before = page.viewportSize();
  for (const screen of screens) {
    await show(page, screen);
    await expectGood(page);
    await picture(page, `${name}-${screen.name}`);
  }
  await page.emulateMedia({ colorScheme: null });
  if (before) await page.setViewportSize(before);
}

/** The owner makes the link in the team's page. */
async function inviteLena(page: Page): Promise<string> {
  await goTo(page, 'Settings');
  await page.getByRole('link', { name: /Your team/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Your team' })).toBeVisible();
  await page.getByRole('button', { name: 'Invite a colleague' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill('Lena Brandt');
  await expect(dialog.getByText('Clients of their own, and those to whom a colleague adds them.')).toBeVisible();
  await looks(page, 'team-invite');
  await dialog.getByRole('button', { name: 'Make the invite link' }).click();
  const link = dialog.getByText(/\/i#inv_/);
  await expect(link).toBeVisible({ timeout: 20_000 });
  await looks(page, 'team-link');
  const text = (await link.innerText()).trim();
  await dialog.getByRole('button', { name: 'Done' }).click();
  return text;
}

/** From the link to the colleague's day. */
async function joinTeam(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await expect(page.getByRole('heading', { level: 1, name: 'Maya Okafor invites you to work in Juniper Coaching' })).toBeVisible();
  await expect(page.getByText('As practitioner')).toBeVisible();
  await looks(page, 'team-invitation');
  await page.getByRole('button', { name: 'Join Juniper Coaching' }).click();
  await page.getByRole('button', { name: 'Create passkey' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Save your kit' })).toBeVisible({ timeout: 30_000 });
  const kit = await saveKitFile(page, 'Save my kit');
  await typeWords(page, kit);
  await page.getByRole('button', { name: 'Check the words' }).click();
  await expect(page).toHaveURL(/\/today$/);
}

/** The practitioner adds her to the client's space, or sets her end anew. */
async function chooseEnd(page: Page, until: string, act: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/^Until/).fill(until);
  await dialog.getByRole('button', { name: act, exact: true }).click();
  await expect(dialog).toBeHidden({ timeout: 20_000 });
}

test('joins by link, covers for a client until a day, and is out after it', async ({ world }) => {
  test.setTimeout(300_000);
  const owner = await world.device();
  await readyPractice(owner.page, world.practice, 'passkey');
  const ana = await world.device({ phone: true });
  await join(ana.page, await addClient(owner.page, 'Ana Abara', ''));
  const clientPage = owner.page.url().replace(/\/invite$/, '');

  const link = await inviteLena(owner.page);
  const lena = await world.device();
  await joinTeam(lena.page, link);
  expectNoSecretSent(lena.traffic);
  const secret = link.split('.')[1] as string;
  expect([...lena.traffic.addresses, ...lena.traffic.bodies].some((sent) => sent.includes(secret))).toBe(false);

  // Each knows the other by the team, and nobody had to wait.
  const row = owner.page.getByRole('listitem').filter({ hasText: 'Lena Brandt' });
  await expect(row.getByText('Confirmed', { exact: true })).toBeVisible({ timeout: 20_000 });
  await looks(owner.page, 'team');

  // She covers.
  await owner.page.goto(`${clientPage}/access`);
  await unlock(owner.page);
  await owner.page.getByRole('button', { name: 'Add a colleague' }).click();
  await expect(owner.page.getByRole('dialog').getByLabel('Colleague')).toHaveValue(/^per_/, { timeout: 20_000 });
  await looks(owner.page, 'access-add');
  await chooseEnd(owner.page, day(9), 'Add');
  await expect(owner.page.getByRole('listitem').filter({ hasText: 'Lena Brandt' }).getByText(/^Covers until/)).toBeVisible();
  await looks(owner.page, 'access-cover');

  // The client sees who reads, and until when.
  await goTo(ana.page, 'My space');
  await ana.page.getByRole('link', { name: /Who can read/ }).click();
  await expect(ana.page.getByText(/Lena \(cover until \d+ \w+\)/).first()).toBeVisible({ timeout: 20_000 });
  await looks(ana.page, 'client-access-cover');

  // She works.
  await goTo(lena.page, 'Clients');
  await lena.page.getByRole('link', { name: /Ana Abara/ }).first().click();
  await openTab(lena.page, 'Messages');
  await lena.page.getByRole('textbox').fill('I am covering for Maya.');
  await lena.page.getByRole('button', { name: /^Send/ }).click();
  await goTo(ana.page, 'Messages');
  await expect(ana.page.getByText('I am covering for Maya.')).toBeVisible({ timeout: 20_000 });
  await openTab(lena.page, 'Access');
  await expect(lena.page.getByRole('button', { name: 'Add a colleague' })).toBeHidden();

  // The day is over: on the clock of the practitioner's device it is still to come, on the practice's it is not.
  await owner.page.clock.setFixedTime(Date.now() - 3 * DAY_MS);
  await owner.page.getByRole('button', { name: 'Change the end' }).click();
  await chooseEnd(owner.page, day(-2), 'Change the end');
  await owner.page.clock.setFixedTime(Date.now());
  await lena.page.goto(`${world.practice.origin}/clients`);
  await unlock(lena.page);
  await expect(lena.page.getByRole('heading', { level: 1, name: 'Clients' })).toBeVisible();
  await expect(lena.page.getByRole('link', { name: /Ana Abara/ })).toBeHidden({ timeout: 20_000 });

  // The practitioner's device makes it so by keys, and the client sees her gone.
  await owner.page.goto(`${clientPage}/access`);
  await unlock(owner.page);
  await expect(owner.page.getByRole('listitem').filter({ hasText: 'Lena Brandt' })).toBeHidden({ timeout: 20_000 });
  await goTo(ana.page, 'My space');
  await ana.page.getByRole('link', { name: /Who can read/ }).click();
  await expect(ana.page.getByText('You and Maya').first()).toBeVisible({ timeout: 20_000 });
  await expect(ana.page.getByText(/Lena/)).toBeHidden();

  // Later the client is handed over for good; the owner reads on.
  await owner.page.getByRole('button', { name: 'Hand over' }).click();
  await expect(owner.page.getByRole('dialog').getByLabel('Colleague')).toHaveValue(/^per_/, { timeout: 20_000 });
  await looks(owner.page, 'access-hand-over');
  await owner.page.getByRole('dialog').getByRole('button', { name: 'Hand over', exact: true }).click();
  await expect(owner.page.getByText('Supervises: reads, writes nothing')).toBeVisible({ timeout: 20_000 });
  await expect(owner.page.getByRole('button', { name: 'Add a colleague' })).toBeHidden();
  await expect(ana.page.getByText('You, Maya and Lena').first()).toBeVisible({ timeout: 20_000 });
  await lena.page.getByRole('link', { name: /Ana Abara/ }).first().click();
  await openTab(lena.page, 'Access');
  await expect(lena.page.getByRole('button', { name: 'Hand over' })).toBeVisible();
});
