/** Out and in again, in a new browser with the kit, the lock. */
import { expectGood } from '../support/axe';
import { giveStep, goodPassword, readyPractice } from '../support/people';
import { picture, screens, show } from '../support/screens';
import { expectNoSecretSent } from '../support/traffic';
import { expect, test } from '../support/world';

const settings = 'Settings';

test('out and in again with the passkey', async ({ world }) => {
  const { page, traffic } = await world.device();
  await readyPractice(page, world.practice, 'passkey');
  await page.goto(`${world.practice.origin}/settings`);
  await page.getByRole('button', { name: 'Unlock with passkey' }).click();
  await expect(page.getByRole('heading', { level: 1, name: settings })).toBeVisible();
  await expectGood(page);
  await page.getByRole('button', { name: /^Sign out/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await expectGood(page);
  await page.getByRole('button', { name: 'Use my passkey' }).click();
  await expect(page).toHaveURL(/\/today$/);
  expectNoSecretSent(traffic, 2);
});

test('the browser lists the passkeys at a field: one is picked, or another way taken', async ({ world }) => {
  const { page, traffic, authenticator } = await world.device({ lists: true });
  await readyPractice(page, world.practice, 'passkey');
  await page.goto(`${world.practice.origin}/settings`);
  await page.getByRole('button', { name: 'Unlock with passkey' }).click();
  await expect(page.getByRole('heading', { level: 1, name: settings })).toBeVisible();
  await authenticator.touches(false);
  const asked = page.waitForResponse((answer) => answer.url().endsWith('/sign-in/passkey-challenges'));
  await page.getByRole('button', { name: /^Sign out/ }).click();
  await asked;
  const field = page.getByLabel('Passkeys on this device');
  await expect(field).toHaveAttribute('autocomplete', 'username webauthn');
  for (const screen of screens) {
    await show(page, screen);
    await expectGood(page);
    await picture(page, `sign-in-listed-${screen.name}`);
  }
  // Another way ends the list; coming back brings it again, and now somebody picks from it.
  await page.getByRole('link', { name: 'I have my kit' }).click();
  await expect(page.getByRole('button', { name: 'Sign in with this kit' })).toBeVisible();
  await authenticator.touches(true);
  await page.goBack();
  await expect(page).toHaveURL(/\/today$/);
  expectNoSecretSent(traffic, 2);
});

test.describe('failures', () => {
  test.use({ expectedErrors: /401/ });

  test('out and in again with the password; a wrong one says what to do', async ({ world }) => {
    const { page } = await world.device();
    const { app } = await readyPractice(page, world.practice, { password: goodPassword });
    await page.goto(`${world.practice.origin}/settings`);
    await page.getByLabel('Your password').fill(goodPassword);
    await page.getByRole('button', { name: 'Unlock' }).click();
    await page.getByRole('button', { name: /^Sign out/ }).click();
    await page.getByLabel('Password of Maya Okafor').fill('another tin boat hums');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('alert')).toContainText('That did not work');
    await expect(page.getByLabel('Password of Maya Okafor')).toBeFocused();
    await expectGood(page);
    await page.getByLabel('Password of Maya Okafor').fill(goodPassword);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await giveStep(page, app);
    await expect(page).toHaveURL(/\/today$/);
  });
});

test('a new browser: the kit opens it, wrong words are named, and it gets a passkey of its own', async ({ world }) => {
  const first = await world.device();
  const { personal, app } = await readyPractice(first.page, world.practice, { password: goodPassword });

  const { page } = await world.device({ phone: true });
  await page.goto(world.practice.origin);
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await page.getByRole('link', { name: 'I have my kit' }).click();
  await expectGood(page);
  const typed = page.getByLabel('The 24 words, or the line');
  await typed.fill(personal.words.map((word, index) => (index === 3 ? 'yeer' : word)).join(' '));
  await page.getByRole('button', { name: 'Sign in with this kit' }).click();
  await expect(typed).toHaveAccessibleDescription(/Word 4, “yeer”, is not a kit word/);
  await typed.fill(personal.words.slice(0, 23).join(' '));
  await page.getByRole('button', { name: 'Sign in with this kit' }).click();
  await expect(typed).toHaveAccessibleDescription(/these are 23/);
  await typed.fill(personal.words.map((word, index) => `${index + 1}. ${word.toUpperCase()}`).join('\n'));
  await page.getByRole('button', { name: 'Sign in with this kit' }).click();
  await giveStep(page, app);
  await expect(page.getByRole('heading', { level: 1, name: 'Welcome back, Maya Okafor' })).toBeVisible({ timeout: 30_000 });
  await expectGood(page);
  await page.getByRole('button', { name: 'Create passkey' }).click();
  await expect(page).toHaveURL(/\/today$/);

  await page.goto(`${world.practice.origin}/settings/keys`);
  await page.getByRole('button', { name: 'Unlock with passkey' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: /since/i })).toHaveCount(3);
  await expectGood(page);
});

test('the kit file signs in, too', async ({ world }) => {
  const first = await world.device();
  const { personal } = await readyPractice(first.page, world.practice, 'passkey');
  const { page } = await world.device();
  await page.goto(`${world.practice.origin}/sign-in?way=kit`);
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: 'Choose the saved file' }).click()]);
  await chooser.setFiles({ name: 'kit.txt', mimeType: 'text/plain', buffer: Buffer.from(personal.text) });
  await expect(page.getByRole('heading', { level: 1, name: 'Welcome back, Maya Okafor' })).toBeVisible({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Later' }).click();
  await expect(page).toHaveURL(/\/today$/);
});

test('locked on request: nothing stays on the screen, and both ways unlock', async ({ world }) => {
  const { page } = await world.device();
  await readyPractice(page, world.practice, { password: goodPassword });
  await page.goto(`${world.practice.origin}/settings`);
  await expect(page.getByRole('heading', { level: 1, name: 'Locked' })).toBeVisible();
  await expectGood(page);
  await page.getByLabel('Your password').fill(goodPassword);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: settings })).toBeVisible();
  await page.getByRole('button', { name: /^Lock now/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Locked' })).toBeVisible();
  await expect(page.getByText('You locked Alcove on this device')).toBeVisible();
  await expect(page.getByRole('heading', { name: settings })).toHaveCount(0);
  await page.getByLabel('Your password').fill(goodPassword);
  await page.getByRole('button', { name: 'Unlock' }).click();
  await expect(page.getByRole('heading', { level: 1, name: settings })).toBeFocused();
});

test('after 15 minutes without input: a warning a minute before, then the lock', async ({ world }) => {
  const { page } = await world.device();
  await page.clock.install();
  await readyPractice(page, world.practice, { password: goodPassword });
  await page.clock.fastForward('14:05');
  const warning = page.getByText(/^Alcove locks in \d+ seconds/);
  await expect(warning).toBeVisible();
  await expectGood(page);
  await expect(page.getByRole('button', { name: 'Stay open' })).toBeVisible();
  await page.keyboard.press('Shift');
  await expect(warning).toBeHidden();
  await page.clock.fastForward('15:10');
  await expect(page.getByRole('heading', { level: 1, name: 'Locked' })).toBeVisible();
  await expect(page.getByText('15 minutes passed without a touch')).toBeVisible();
});
