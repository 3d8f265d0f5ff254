/** A person's own settings: keys, a new kit, the export, leaving a device. */
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { expectGood } from '../support/axe';
import { giveStep, goodPassword, readyPractice, saveKitFile, typeWords } from '../support/people';
import { picture, screens, show } from '../support/screens';
import { expect, test } from '../support/world';

const newPassword = 'seven grey herons wait';

/** Opens a page of the settings by its links, so that nothing is locked by a reload. */
async function openSettings(page: Page, row?: string): Promise<void> {
  await page.getByRole('link', { name: 'Settings' }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  if (row) await page.getByRole('link', { name: row }).click();
}

/** The practice sees a proof of long ago until the next one. */
async function letProofAge(page: Page): Promise<void> {
  let proved = false;
  page.on('response', (answer) => {
    if (answer.url().endsWith('/session/proofs') && answer.ok()) proved = true;
  });
  const tooOld = { status: 403, contentType: 'application/problem+json', body: JSON.stringify({ code: 'proof-too-old', title: 'x', detail: 'x', next: 'x', status: 403 }) };
  await page.route('**/api/v1/me/keyring', (route) => (proved || route.request().method() !== 'PUT' ? route.continue() : route.fulfill(tooOld)));
}

/** Gives the new password; the question for a proof that comes of it. */
async function useNewPassword(page: Page, button: string): Promise<Locator> {
  await page.getByRole('button', { name: button }).click();
  await page.getByLabel('Your password').fill(newPassword);
  await page.getByRole('button', { name: 'Use this password' }).click();
  const question = page.getByRole('dialog', { name: 'Confirm that it is you' });
  await expect(question).toBeVisible({ timeout: 20_000 });
  return question;
}

async function expectSet(page: Page): Promise<void> {
  await expect(page.getByText('The password is set.')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('dialog')).toHaveCount(0);
}

test('every look of the settings is good', async ({ world }) => {
  const { page } = await world.device();
  await readyPractice(page, world.practice, { password: goodPassword });
  await openSettings(page);
  await page.getByRole('radio', { name: 'Dark' }).check();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.getByRole('radio', { name: 'As the device' }).check();
  for (const screen of screens) {
    await show(page, screen);
    await expectGood(page);
    await picture(page, `settings-${screen.name}`);
  }
});

test.describe('what opens nothing any more', () => {
  // Refused sign-ins are told in the console, too.
  test.use({ expectedErrors: /401/ });

  test('a changed password counts at once, and a passkey can be added', async ({ world }) => {
    const { page } = await world.device();
    await readyPractice(page, world.practice, { password: goodPassword });
    await openSettings(page, 'Devices and keys');
    await expectGood(page);
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    const asks = page.getByRole('dialog', { name: 'Add a passkey' });
    await expect(asks.getByLabel('Name')).toHaveValue('Linux');
    await expectGood(page);
    await asks.getByRole('button', { name: 'Create passkey' }).click();
    await expect(page.getByText('The passkey is added.')).toBeVisible();
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByLabel('Your password').fill(newPassword);
    await page.getByRole('button', { name: 'Use this password' }).click();
    await expect(page.getByText('The password is set.')).toBeVisible({ timeout: 20_000 });
    await expectGood(page);
    await page.reload();
    await page.getByRole('button', { name: 'Use password' }).click();
    await page.getByLabel('Your password').fill(goodPassword);
    await page.getByRole('button', { name: 'Unlock', exact: true }).click();
    await expect(page.getByLabel('Your password')).toHaveAccessibleDescription(/does not fit/);
    await page.getByLabel('Your password').fill(newPassword);
    await page.getByRole('button', { name: 'Unlock', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Devices and keys' })).toBeVisible();
  });

  test('a new personal kit is proved, and the old one opens nothing', async ({ world }) => {
    const { page } = await world.device();
    const { personal, app } = await readyPractice(page, world.practice, { password: goodPassword });
    await openSettings(page, 'Devices and keys');
    await page.getByRole('button', { name: 'Make a new personal kit' }).click();
    await page.getByRole('button', { name: 'Make it' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Save your kit' })).toBeVisible();
    const renewed = await saveKitFile(page, 'Save my kit');
    expect(renewed.line).not.toBe(personal.line);
    await expectGood(page);
    await typeWords(page, renewed);
    await page.getByRole('button', { name: 'Check the words' }).click();
    await expect(page).toHaveURL(/\/today$/);

    const other = await world.device();
    await other.page.goto(`${world.practice.origin}/sign-in?way=kit`);
    const typed = other.page.getByLabel('The 24 words, or the line');
    await typed.fill(renewed.words.join(' '));
    await other.page.getByRole('button', { name: 'Sign in with this kit' }).click();
    await giveStep(other.page, app);
    await expect(other.page.getByRole('heading', { level: 1, name: 'Welcome back, Maya Okafor' })).toBeVisible({ timeout: 30_000 });

    const third = await world.device();
    await third.page.goto(`${world.practice.origin}/sign-in?way=kit`);
    await third.page.getByLabel('The 24 words, or the line').fill(personal.line);
    await third.page.getByRole('button', { name: 'Sign in with this kit' }).click();
    await expect(third.page.getByRole('alert')).toContainText('That did not work');
  });
});

test('passkeys have names, which only one’s own devices read', async ({ world }) => {
  const { page, traffic } = await world.device();
  await readyPractice(page, world.practice, 'passkey');
  await openSettings(page, 'Devices and keys');
  await page.getByRole('button', { name: 'Rename Chrome on Linux' }).click();
  const asks = page.getByRole('dialog');
  await asks.getByLabel('Name').fill(' ');
  await asks.getByRole('button', { name: 'Save' }).click();
  await expect(asks.getByLabel('Name')).toHaveAccessibleDescription(/Give it a name/);
  await asks.getByLabel('Name').fill('MacBook');
  await expectGood(page);
  await page.keyboard.press('Enter');
  await expect(page.getByText('It is called MacBook now.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Rename MacBook' })).toBeFocused();
  for (const screen of screens) {
    await show(page, screen);
    await expectGood(page);
    await picture(page, `keys-${screen.name}`);
  }
  expect(traffic.bodies.filter((body) => body.includes('MacBook'))).toEqual([]);
  await page.reload();
  await page.getByRole('button', { name: 'Unlock with passkey' }).click();
  await expect(page.getByRole('button', { name: 'Rename MacBook' })).toBeVisible();
});

test.describe('a proof that is too old', () => {
  // What the practice refuses is told in the console, too.
  test.use({ expectedErrors: /40[13]/ });

  test('is made anew in place, and what was typed is not lost', async ({ world }) => {
    const { page } = await world.device();
    await readyPractice(page, world.practice, { password: goodPassword });
    await openSettings(page, 'Devices and keys');
    await letProofAge(page);
    const question = await useNewPassword(page, 'Change the password');
    await expectGood(page);
    await question.getByRole('button', { name: 'Close' }).click();
    await expect(page.getByLabel('Your password')).toHaveValue(newPassword);
    await page.getByRole('button', { name: 'Use this password' }).click();
    await question.getByLabel('Your present password').fill('seven wrong herons');
    await question.getByRole('button', { name: 'Confirm', exact: true }).click();
    await expect(question.getByLabel('Your present password')).toHaveAccessibleDescription(/does not fit/, { timeout: 20_000 });
    await question.getByLabel('Your present password').fill(goodPassword);
    await question.getByRole('button', { name: 'Confirm', exact: true }).click();
    await expectSet(page);
  });

  test('is made anew with the passkey', async ({ world }) => {
    const { page } = await world.device();
    await readyPractice(page, world.practice, 'passkey');
    await openSettings(page, 'Devices and keys');
    await letProofAge(page);
    const question = await useNewPassword(page, 'Add a password');
    await expect(question.getByRole('textbox')).toHaveCount(0);
    for (const screen of screens) {
      await show(page, screen);
      await expectGood(page);
    }
    await question.getByRole('button', { name: /passkey/i }).click();
    await expectSet(page);
  });
});

test('everything of mine is one file', async ({ world }) => {
  const { page } = await world.device();
  await readyPractice(page, world.practice, { password: goodPassword });
  await openSettings(page, 'Everything of mine');
  await expectGood(page);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export everything of mine' }).click(),
  ]);
  const bytes = await readFile((await download.path()) as string);
  expect(bytes.length).toBeGreaterThan(500);
  await expect(page.getByText(/is saved among your downloads/)).toBeVisible();
});

test('forgetting a device asks for the word, and leaves nothing known', async ({ world }) => {
  const { page } = await world.device();
  await readyPractice(page, world.practice, { password: goodPassword });
  await openSettings(page);
  await page.getByRole('button', { name: /^Forget this device/ }).click();
  const dialog = page.getByRole('dialog');
  await expectGood(page);
  await dialog.getByRole('button', { name: 'Forget this device' }).click();
  await expect(dialog.getByLabel(/Type “forget”/)).toHaveAccessibleDescription(/Type the word forget/);
  await dialog.getByLabel(/Type “forget”/).fill('forget');
  await dialog.getByRole('button', { name: 'Forget this device' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await expect(page.getByText('Maya Okafor')).toHaveCount(0);
});
