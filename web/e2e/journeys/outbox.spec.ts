/** What the practice refuses: named, tried again, or given up with its text kept for copying. */
import { expectGood } from '../support/axe';
import { screens, show } from '../support/screens';
import { openTab, readyCoach } from '../support/work';
import { expect, test } from '../support/world';

// The practice refuses on purpose.
test.use({ expectedErrors: /422/ });
test.setTimeout(120_000);

test('a message that was refused is given up, and its text stays to be copied', async ({ world }) => {
  const page = await readyCoach(world);
  await openTab(page, 'Messages');
  const refusal = { code: 'field-refused', title: 'x', detail: 'too much on one day', next: 'x', status: 422 };
  await page.context().route('**/api/v1/spaces/*/records', (route) => route.fulfill({ status: 422, contentType: 'application/problem+json', body: JSON.stringify(refusal) }));
  await page.getByLabel('Message to Ana').fill('About the two curlews');
  await page.getByLabel('Message to Ana').press('Enter');
  await page.getByRole('link', { name: 'Today' }).filter({ visible: true }).click();
  await page.getByRole('link', { name: /1 item was not taken by the practice/ }).click();
  await expect(page.getByText('too much on one day')).toBeVisible();
  for (const screen of screens) {
    await show(page, screen);
    await expectGood(page);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.getByRole('button', { name: 'Give up' }).click();
  const dialog = page.getByRole('dialog', { name: 'Give this up?' });
  await expectGood(page);
  await dialog.getByRole('button', { name: 'Keep it' }).click();
  await expect(page.getByText('too much on one day')).toBeVisible();
  await page.getByRole('button', { name: 'Give up' }).click();
  await dialog.getByRole('button', { name: 'Give up' }).click();
  await expect(page.getByText('About the two curlews')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Everything is sent' })).toBeVisible();
  await expectGood(page);
  await page.getByRole('button', { name: 'Put it away' }).click();
  await expect(page.getByText('About the two curlews')).toHaveCount(0);
});
