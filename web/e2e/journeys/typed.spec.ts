/** What is being written when the lock comes: out of the page's memory, sealed on the device, back in its field afterwards. */
import type { Page } from '@playwright/test';
import { expectGood } from '../support/axe';
import { heapHolds } from '../support/heap';
import { goTo, noteText, openTab, readyCoach, unlock } from '../support/work';
import { expect, test } from '../support/world';

// The practice ends the session on purpose.
test.use({ expectedErrors: /401/ });
test.setTimeout(120_000);

const locked = (page: Page) => page.getByRole('heading', { level: 1, name: 'Locked' });

/** Fifteen minutes without a touch. Timers that the page set before are the real ones: one touch sets the lock's anew. */
async function leaveAlone(page: Page): Promise<void> {
  await page.clock.install();
  await page.waitForTimeout(1_100);
  await page.keyboard.press('Shift');
  await page.clock.fastForward('15:10');
  await expect(locked(page)).toBeVisible();
  await page.clock.resume();
}

test('a message, an action, a change of one and a note wait sealed behind the lock', async ({ world }) => {
  const page = await readyCoach(world);
  await openTab(page, 'Messages');
  await page.getByLabel('Message to Ana').fill('Half a sentence about kestrels');
  await openTab(page, 'Actions');
  await page.getByLabel('What').fill('Ask about the herons');
  await page.getByLabel('What').press('Enter');
  await expect(page.getByRole('checkbox', { name: 'Ask about the herons' })).toBeVisible();
  await page.getByLabel('What').fill('Count the avocets');
  await page.getByLabel('By when').fill('2099-02-03');
  expect(await heapHolds(page, 'about kestrels')).toBe(true);

  await goTo(page, 'Settings');
  await page.getByRole('button', { name: /^Lock now/ }).click();
  await expect(locked(page)).toBeVisible();
  for (const text of ['about kestrels', 'Count the avocets', 'about the herons']) expect(await heapHolds(page, text), text).toBe(false);
  await unlock(page);
  await goTo(page, 'Clients');
  await page.getByRole('link', { name: /Ana Abara/ }).first().click();
  await openTab(page, 'Messages');
  await expect(page.getByLabel('Message to Ana')).toHaveValue('Half a sentence about kestrels');
  await page.getByLabel('Message to Ana').press('Enter');
  await expect(page.getByText('Half a sentence about kestrels')).toBeVisible();
  await openTab(page, 'Actions');
  await expect(page.getByLabel('What')).toHaveValue('Count the avocets');
  await expect(page.getByLabel('By when')).toHaveValue('2099-02-03');

  await page.getByRole('button', { name: /^Change “Ask about the herons”|herons/ }).last().click();
  await page.getByRole('dialog').getByLabel('What').fill('Ask about the bitterns');
  await leaveAlone(page);
  expect(await heapHolds(page, 'bitterns')).toBe(false);
  await unlock(page);
  await expect(page.getByRole('dialog').getByLabel('What')).toHaveValue('Ask about the bitterns');
  await expectGood(page);
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('checkbox', { name: 'Ask about the bitterns' })).toBeVisible();

  await openTab(page, 'Messages');
  await expect(page.getByLabel('Message to Ana')).toHaveValue('');
});

test('a note and a session are gone on with after the lock, and after the practice ended the session', async ({ world }) => {
  const page = await readyCoach(world);
  await openTab(page, 'Notes');
  await page.getByRole('main').getByRole('link', { name: 'New note', exact: true }).last().click();
  await page.getByRole('textbox', { name: 'Title' }).fill('Kestrels');
  await noteText(page).click();
  await page.keyboard.type('They hover above the verge.');
  await leaveAlone(page);
  expect(await heapHolds(page, 'hover above')).toBe(false);
  await unlock(page);
  await expect(noteText(page)).toHaveText('They hover above the verge.');
  await expect(page.getByRole('textbox', { name: 'Title' })).toHaveValue('Kestrels');

  await page.getByRole('link', { name: 'Notes of Ana Abara' }).click();
  await openTab(page, 'Overview');
  await page.getByRole('link', { name: 'Begin session' }).click();
  await page.getByRole('textbox', { name: 'Session note' }).click();
  await page.keyboard.type('We counted nine herons.');
  await page.getByRole('textbox', { name: 'Private note' }).click();
  await page.keyboard.type('I counted ten.');
  // The practice knows this session no more; the next word from it says so.
  await page.context().clearCookies();
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await expect.poll(() => heapHolds(page, 'nine herons'), { timeout: 15_000 }).toBe(false);
  await page.getByRole('button', { name: 'Use my passkey' }).click();
  await expect(page.getByRole('textbox', { name: 'Session note' })).toHaveText('We counted nine herons.');
  await expect(page.getByRole('textbox', { name: 'Private note' })).toHaveText('I counted ten.');
});
