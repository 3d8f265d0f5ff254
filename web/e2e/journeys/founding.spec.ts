/** Setting a practice up, with a passkey, with a password, and with a passkey that cannot open keys. */
import { expectGood } from '../support/axe';
import { addApp, finishSetUp, foundPractice, goodPassword, keepKit, proveKit, typeWords } from '../support/people';
import { show, screens } from '../support/screens';
import { expectNoSecretSent } from '../support/traffic';
import { expect, test } from '../support/world';

test('with a passkey, and both kits proved', async ({ world }) => {
  const { page, traffic, authenticator } = await world.device();
  await foundPractice(page, world.practice, 'passkey');
  expect(await authenticator.credentials()).toBe(1);
  await expectGood(page);
  await finishSetUp(page);
  expectNoSecretSent(traffic);
  // The code travels behind # only.
  const code = new URL(world.practice.claimAddress).hash.slice(1);
  expect(traffic.addresses.some((address) => address.includes(code))).toBe(false);
});

test('with a password, and both kits proved', async ({ world }) => {
  const { page } = await world.device();
  await foundPractice(page, world.practice, { password: goodPassword });
  await finishSetUp(page);
});

test.describe('a passkey without PRF', () => {
  test('asks for a password in the same pass', async ({ world }) => {
    const { page } = await world.device({ prf: false });
    await page.goto(world.practice.claimAddress);
    await page.getByRole('button', { name: 'Begin' }).click();
    await page.getByLabel('Name of the practice').fill('Juniper Coaching');
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByLabel('Your name').fill('Maya Okafor');
    await page.getByRole('button', { name: 'Create passkey' }).click();
    await expect(page.getByRole('alert').or(page.getByRole('status')).filter({ hasText: 'cannot open your keys' })).toBeVisible();
    await expect(page.getByLabel('Your password')).toBeFocused();
    await expectGood(page);
    await page.getByLabel('Your password').fill('MayaOkaforJuniper1');
    await page.getByRole('button', { name: 'Use this password' }).click();
    await expect(page.getByLabel('Your password')).toHaveAccessibleDescription(/a name that others connect with you/);
    await page.getByLabel('Your password').fill(goodPassword);
    await page.getByRole('button', { name: 'Use this password' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Save your kits' })).toBeVisible({ timeout: 30_000 });
  });
});

test.describe('codes', () => {
  test.use({ expectedErrors: /40[139]|410/ });

  test('a wrong code and a spent one each say what to do', async ({ world }) => {
    const { page } = await world.device();
    await page.goto(`${world.practice.origin}/claim#ABCDEFGHJKMN`);
    await page.getByRole('button', { name: 'Begin' }).click();
    await expect(page.getByLabel('Claim code')).toHaveAccessibleDescription(/not the code.*alcove claim/);
    await expectGood(page);
    await page.goto('about:blank');
    await page.goto(world.practice.claimAddress);
    await page.getByRole('button', { name: 'Begin' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Your practice' })).toBeVisible();

    const other = await world.device();
    await other.page.goto(world.practice.claimAddress);
    await other.page.getByRole('button', { name: 'Begin' }).click();
    await expect(other.page.getByLabel('Claim code')).toHaveAccessibleDescription(/used already.*alcove claim/);
    await other.page.getByLabel('Claim code').fill(await world.practice.newClaimCode());
    await other.page.getByRole('button', { name: 'Begin' }).click();
    await expect(other.page.getByRole('heading', { level: 1, name: 'Your practice' })).toBeVisible();
  });
});

test('a wrong word is named, nothing typed is lost, and a reload keeps the kits', async ({ world }) => {
  const { page } = await world.device();
  await foundPractice(page, world.practice, { password: goodPassword });
  const restore = await keepKit(page, 'Restore kit');
  await typeWords(page, restore, (word, index) => (index === 1 ? 'zebra' : word.toUpperCase()));
  await page.getByRole('button', { name: 'Check and go on' }).click();
  await expect(page.getByText(/That is not word \d+/)).toBeVisible();
  await expect(page.getByText('That is right.')).toHaveCount(1);
  await expectGood(page);
  await proveKit(page, restore);
  await expect(page.getByText('Proved', { exact: true })).toHaveCount(1);

  await page.reload();
  await page.getByLabel('Your password').fill(goodPassword);
  await page.getByRole('button', { name: 'Unlock' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Save your kits' })).toBeVisible();
  await expect(page.getByText('Proved', { exact: true })).toHaveCount(1);
  const personal = await keepKit(page, 'Personal kit');
  await proveKit(page, personal);
  await addApp(page);
  await expect(page).toHaveURL(/\/today$/);

  // The first backup is made beside the server; the list learns of it by itself.
  await expect(page.getByText('1 of 5 done')).toBeVisible();
  await expect(page.getByText('alcove backup now --to DIR')).toBeVisible();
  await expectGood(page);
  await world.practice.backUp();
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await expect(page.getByText(/^First backup made and proved, /)).toBeVisible();
  await expect(page.getByText('2 of 5 done')).toBeVisible();
});

test('each kit is one page of paper, and words are on no screen', async ({ world }) => {
  const { page } = await world.device();
  await foundPractice(page, world.practice, 'passkey');
  const restore = await keepKit(page, 'Restore kit');
  const personal = await keepKit(page, 'Personal kit');
  const shown = await page.locator('body').innerText();
  for (const kit of [restore, personal]) expect(shown).not.toContain(kit.line);
  const pdf = await page.pdf({ format: 'A4' });
  expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(2);
  for (const screen of screens) {
    await show(page, screen);
    await expectGood(page);
  }
});

test('what was typed survives a reload in the tab', async ({ world }) => {
  const { page } = await world.device();
  await page.goto(world.practice.claimAddress);
  await page.getByRole('button', { name: 'Begin' }).click();
  await page.getByLabel('Name of the practice').fill('Juniper Coaching');
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByLabel('Your name').fill('Maya Okafor');
  await page.reload();
  await expect(page.getByLabel('Your name')).toHaveValue('Maya Okafor');
  await page.getByRole('button', { name: 'Back' }).click();
  await expect(page.getByLabel('Name of the practice')).toHaveValue('Juniper Coaching');
});
