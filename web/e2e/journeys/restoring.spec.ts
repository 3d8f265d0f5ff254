/** After a restore: everybody reads, nobody writes, until the owner confirms it with one press. */
import { expectGood } from '../support/axe';
import { giveStep, goodPassword, readyPractice } from '../support/people';
import { picture } from '../support/screens';
import { expect, test } from '../support/world';

// The old session is void, and writing is refused until the owner has signed.
test.use({ expectedErrors: /401|409|ERR_|Failed to load resource/ });
test.setTimeout(120_000);

test('the owner is told at sign-in, and confirms', async ({ world }) => {
  const { page } = await world.device();
  const { restore, app } = await readyPractice(page, world.practice, { password: goodPassword });
  const backup = await world.practice.backUp();
  await page.goto('about:blank');
  await world.practice.restore(backup, restore.text);

  await page.goto(`${world.practice.origin}/sign-in`);
  const known = page.getByLabel(/^(Password of Maya Okafor|Your password)$/);
  await known.fill(goodPassword);
  await page.getByRole('button', { name: /^(Sign in|Unlock)$/ }).click();
  await giveStep(page, app);
  const notice = page.getByRole('region', { name: 'This server was restored from a backup' });
  await expect(notice).toBeVisible({ timeout: 30_000 });
  await expectGood(page);
  await picture(page, 'restored');
  await notice.getByRole('button', { name: 'Confirm the restore' }).click();
  await expect(page.getByText('The restore is confirmed. Everybody can write again.')).toBeVisible();
  await expect(notice).toBeHidden();
});
