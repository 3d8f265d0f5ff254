/**
 * The machine is lost after the last backup. The practice comes back from the backup and its kit, everybody reads at
 * once, the owner signs for it, and the devices bring back what they hold that is newer.
 */
import type { Page } from '@playwright/test';
import { expectGood } from '../support/axe';
import { goTo, readyPair } from '../support/work';
import { expect, test } from '../support/world';

// Sessions of before are void, and the server is away for a while.
test.use({ expectedErrors: /401|409|ERR_|Failed to load resource|Failed to fetch/ });
test.setTimeout(180_000);

const before = 'Written before the backup.';
const after = 'Written after the backup.';

test('what was written after the backup comes back from the devices', async ({ world }) => {
  const { coach, client, kit, restore } = await readyPair(world);
  await says(coach.page, 'Ana', before);
  const backup = await world.practice.backUp();
  await says(coach.page, 'Ana', after);
  await goTo(client.page, 'Messages');
  await expect(client.page.getByText(after)).toBeVisible();
  await coach.page.goto('about:blank');
  await client.page.goto('about:blank');
  await world.practice.restore(backup, restore.text);

  await comesIn(client.page, `${world.practice.origin}/messages`);
  await expect(client.page.getByText(before)).toBeVisible();
  const notice = /restored from a backup/;
  await expect(client.page.getByText(notice).first()).toBeVisible({ timeout: 30_000 });
  await expectGood(client.page);

  await comesIn(coach.page, `${world.practice.origin}/today`);
  await coach.page.getByRole('button', { name: 'Confirm the restore' }).click({ timeout: 30_000 });
  await expect(coach.page.getByText('The restore is confirmed. Everybody can write again.')).toBeVisible();
  await expect(client.page.getByText(notice)).toHaveCount(0, { timeout: 30_000 });
  await client.page.getByLabel('Message to Maya').fill('All is well here.');
  await client.page.getByRole('button', { name: 'Send' }).click();

  // A device that held nothing finds all of it on the server.
  const fresh = await world.device();
  await fresh.page.goto(`${world.practice.origin}/sign-in?way=kit`);
  await fresh.page.getByLabel('The 24 words, or the line').fill(kit.line);
  await fresh.page.getByRole('button', { name: 'Sign in with this kit' }).click();
  // An owner's paper alone is one step; a passkey here is the second.
  await fresh.page.getByRole('button', { name: 'Create passkey' }).click({ timeout: 30_000 });
  await goTo(fresh.page, 'Messages');
  await fresh.page.getByRole('link', { name: /Ana Abara/ }).first().click();
  for (const text of [before, after, 'All is well here.']) await expect(fresh.page.getByText(text)).toBeVisible({ timeout: 30_000 });
});

async function says(page: Page, to: string, text: string): Promise<void> {
  if (!(await page.getByLabel(`Message to ${to}`).isVisible())) {
    await goTo(page, 'Messages');
    await page.getByRole('link', { name: new RegExp(to) }).first().click();
  }
  await page.getByLabel(`Message to ${to}`).fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(page.getByText(text)).toBeVisible();
  await expect(page.getByText(/· Sent/).last()).toBeVisible();
}

/** Opens a page; whether it asks to sign in or to unlock, the passkey does. */
async function comesIn(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.getByRole('button', { name: /^(Unlock with passkey|Use my passkey)$/ }).click();
  await expect(page.getByRole('navigation', { name: 'Main' }).filter({ visible: true })).toBeVisible({ timeout: 30_000 });
}
