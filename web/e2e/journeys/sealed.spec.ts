/** The practice is sealed under the hands of those who use it, or gone, and opened on its page: nothing that was typed is lost. */
import type { Page } from '@playwright/test';
import { expectGood } from '../support/axe';
import { readyPractice } from '../support/people';
import { picture, screens, show } from '../support/screens';
import { addClient, openTab, unlock } from '../support/work';
import { expect, test } from '../support/world';

const passphrase = 'nine herons by the quiet weir';

// A sealed practice answers 503, a wrong passphrase is answered 403; while it changes over, it is not there at all.
test.use({ passphrase, expectedErrors: /503|403|ERR_CONNECTION_|ERR_FAILED|ERR_EMPTY_RESPONSE|ERR_HTTP2|ERR_NETWORK_CHANGED/ });

const secret = (page: Page) => page.getByLabel('Passphrase, or the 24 words of the restore kit');

test('sealed while the app is open, opened again on the page, gone on with', async ({ world }) => {
  const { page } = await world.device();
  const { practice } = world;
  await readyPractice(page, practice, 'passkey');
  await addClient(page, 'Ana Abara', '');
  await page.getByRole('link', { name: 'Ana Abara' }).first().click();
  await openTab(page, 'Messages');
  const message = page.getByLabel('Message to Ana');
  await message.fill('Half a sentence about kestrels');

  await practice.seal();
  await expect(page.getByText(/^The practice is sealed/)).toBeVisible();
  await expect(message).toHaveValue('Half a sentence about kestrels');
  await expectGood(page);
  await message.pressSequentially(', whole');
  await picture(page, 'sealed-tab');

  const fresh = (await world.device({ phone: true })).page;
  const answer = await fresh.goto(`${practice.origin}/clients`);
  expect(answer?.headers()['content-security-policy']).toContain("default-src 'none'");
  await expect(fresh.getByRole('heading', { level: 1, name: 'This practice is sealed' })).toBeVisible();
  await expect(secret(fresh)).toBeFocused();
  for (const screen of screens.filter(({ name }) => !name.startsWith('reflow'))) {
    await show(fresh, screen);
    await expectGood(fresh);
    await picture(fresh, `sealed-${screen.name}`);
  }

  await secret(fresh).fill('nine herons by the loud weir');
  await fresh.keyboard.press('Enter');
  await expect(fresh.getByRole('alert')).toHaveText('This passphrase does not open this practice. Type it again; capital letters and spaces count.');
  await expect(secret(fresh)).toBeFocused();
  await expect(secret(fresh)).toHaveAccessibleDescription(/does not open/);
  await expectGood(fresh);
  await picture(fresh, 'sealed-wrong');

  await secret(fresh).fill(passphrase);
  await fresh.getByRole('button', { name: 'Open the practice' }).click();
  await expect(fresh.getByRole('heading', { level: 1, name: 'The practice is open' })).toBeVisible();
  await expect(fresh.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible({ timeout: 12_000 });

  await expect(page.getByText(/^The practice is sealed/)).toBeHidden({ timeout: 12_000 });
  await expect(message).toHaveValue('Half a sentence about kestrels, whole');
  await message.press('Enter');
  await expect(page.getByText('Half a sentence about kestrels, whole')).toBeVisible();
  await expect(page.getByText(/waiting to be sent/i)).toHaveCount(0);
});

test('gone while the app is open: that is said, and where to look, and it is sealed when it is back', async ({ world }) => {
  const { page } = await world.device();
  await readyPractice(page, world.practice, 'passkey');
  await page.goto(`${world.practice.origin}/today`);
  await unlock(page);
  await world.practice.down();
  await expect(page.getByText(/^The practice does not answer/)).toBeVisible();
  await expectGood(page);
  await picture(page, 'unanswered');
  const [look] = await Promise.all([page.waitForEvent('popup'), page.getByRole('link', { name: 'Look whether it is sealed' }).click()]);
  expect(look.url()).not.toContain('today');
  await look.close();
  await world.practice.up();
  await expect(page.getByText(/^The practice is sealed/)).toBeVisible({ timeout: 30_000 });
});
