/** The second step: set up, asked for, wrong, used twice, recovered from; a security key; the page that asks for one. */
import { expectGood } from '../support/axe';
import { finishSetUp, foundPractice, goodPassword, readyPractice } from '../support/people';
import { picture, screens, show } from '../support/screens';
import { totp, type App } from '../support/totp';
import { expect, test, type Device, type World } from '../support/world';

/** An owner by password whose second step is an authenticator app. */
async function ownerWithApp(world: World): Promise<Device & App> {
  const device = await world.device();
  const { app } = await readyPractice(device.page, world.practice, { password: goodPassword });
  return { ...device, ...(app as App) };
}

async function signOutAndType(page: Device['page'], password = goodPassword): Promise<void> {
  await page.getByRole('link', { name: 'Settings' }).first().click();
  await page.getByRole('button', { name: /^Sign out/ }).click();
  await page.getByLabel('Password of Maya Okafor').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Your second step' })).toBeVisible();
}

async function everyLook(page: Device['page'], name: string): Promise<void> {
  const before = page.viewportSize();
  for (const screen of screens) {
    await show(page, screen);
    await expectGood(page);
    await picture(page, `second-${name}-${screen.name}`);
  }
  if (before) await page.setViewportSize(before);
}

test.use({ expectedErrors: /40[139]|422/ });

test('with an authenticator app: a wrong code, the right one, the same again, a recovery code once', async ({ world }) => {
  const { page, secret, recovery } = await ownerWithApp(world);
  expect(recovery).toHaveLength(10);
  await page.getByRole('link', { name: 'Settings' }).first().click();
  await page.getByRole('link', { name: /^Second step/ }).click();
  await expect(page.getByText('10 recovery codes left')).toBeVisible();
  await everyLook(page, 'settings');

  await signOutAndType(page);
  const code = page.getByLabel('Code', { exact: true });
  await expect(code).toBeFocused();
  await everyLook(page, 'asked');
  await code.fill('000 000');
  await expect(code).toHaveAccessibleDescription(/does not fit\. Type the one that your app shows now/);
  await expect(code).toBeFocused();
  await everyLook(page, 'wrong');
  // Complete, it goes by itself.
  const good = totp(secret);
  await code.fill(`${good.slice(0, 3)} ${good.slice(3)}`);
  await expect(page).toHaveURL(/\/today$/);

  await signOutAndType(page);
  await page.getByLabel('Code', { exact: true }).fill(good);
  await expect(page.getByLabel('Code', { exact: true })).toHaveAccessibleDescription(/was used already\. Wait for the next one/);
  await page.getByRole('button', { name: 'Use a recovery code' }).click();
  await everyLook(page, 'recovery');
  await page.getByLabel('Recovery code', { exact: true }).fill((recovery[0] as string).toLowerCase());
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/today$/);

  await signOutAndType(page);
  await page.getByRole('button', { name: 'Use a recovery code' }).click();
  await page.getByLabel('Recovery code', { exact: true }).fill(recovery[0] as string);
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Recovery code', { exact: true })).toHaveAccessibleDescription(/Take the next one/);
  await page.getByRole('button', { name: 'Back' }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
});

test('a passkey needs none; set up by keyboard alone, in every look; the last one stays', async ({ world }) => {
  const { page } = await world.device();
  const { app } = await readyPractice(page, world.practice, 'passkey');
  expect(app).toBeNull();
  await page.getByRole('link', { name: 'Settings' }).first().click();
  await page.getByRole('link', { name: /^Second step/ }).click();
  await page.getByRole('button', { name: 'Set up Authenticator app' }).press('Enter');
  await page.getByText('No camera? Type this instead').click();
  await everyLook(page, 'totp');
  const secret = ((await page.locator('.secret').textContent()) ?? '').replace(/\s/g, '');
  const code = page.getByLabel('Code', { exact: true });
  await code.fill('12345');
  await page.keyboard.press('Enter');
  await expect(code).toHaveAccessibleDescription(/all six digits/);
  await page.keyboard.type(totp(secret, -1));
  await expect(page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem')).toHaveCount(10);
  await everyLook(page, 'codes');
  await page.getByRole('button', { name: 'Go on' }).press('Enter');
  await expect(page.getByText('Keep them first')).toBeVisible();
  await page.getByLabel('I kept them in a safe place').press('Space');
  await page.getByRole('button', { name: 'Go on' }).press('Enter');
  await expect(page.getByText('10 recovery codes left')).toBeVisible();
  await page.getByRole('button', { name: 'Remove Authenticator app' }).press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).press('Enter');
  // Whoever looks after others keeps at least one.
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('A second step has to stay');
});

test('set-up ends with a second step; a security key that keeps no keys and asks for no finger is one', async ({ world }) => {
  const { page, authenticator } = await world.device();
  await foundPractice(page, world.practice, { password: goodPassword });
  await authenticator.becomeSecurityKey();
  await finishSetUp(page, async () => {
    await everyLook(page, 'set-up');
    await page.getByRole('button', { name: /^A security key/ }).click();
    await page.getByLabel('Name', { exact: true }).fill('Blue key');
    await everyLook(page, 'key-name');
    await page.getByRole('button', { name: 'Add it' }).click();
    await expect(page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem')).toHaveCount(10);
    await page.getByLabel('I kept them in a safe place').check();
    await page.getByRole('button', { name: 'Go on' }).click();
    return null;
  });
  await signOutAndType(page);
  await everyLook(page, 'key');
  await page.getByRole('button', { name: 'Use my security key' }).click();
  await expect(page).toHaveURL(/\/today$/);
});

test('who comes back without a second step meets one calm page before the app, and may sign out', async ({ world }) => {
  const { page } = await world.device();
  await foundPractice(page, world.practice, { password: goodPassword });
  await finishSetUp(page, async () => {
    // Not now: the next page asks again.
    await page.goto(`${world.practice.origin}/today`);
    await page.getByLabel('Your password').fill(goodPassword);
    await page.getByRole('button', { name: 'Unlock' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Add a second step' })).toBeVisible();
    await expect(page.getByRole('link', { name: 'Clients' })).toHaveCount(0);
    await everyLook(page, 'gate');
    await page.getByRole('button', { name: 'Sign out instead' }).click();
    await page.getByLabel('Password of Maya Okafor').fill(goodPassword);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Add a second step' })).toBeVisible();
    await page.getByRole('button', { name: /^A passkey on this device/ }).click();
    return null;
  });
  await expect(page.getByRole('heading', { level: 1, name: /^Good / })).toBeVisible();
});
