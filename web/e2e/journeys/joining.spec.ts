/** A client joins on a phone, in a minute, while the coach is away; the coach sees it when back. */
import type { Page } from '@playwright/test';
import { expectGood } from '../support/axe';
import { goodPassword, readyPractice, saveKitFile } from '../support/people';
import { picture } from '../support/screens';
import { expectNoSecretSent } from '../support/traffic';
import { expect, test, type World } from '../support/world';

const greeting = 'Good to meet you on Thursday. Our notes and messages will live here.';

/** The coach adds Ana and makes the link. */
async function inviteAna(page: Page): Promise<string> {
  await page.getByRole('link', { name: 'Add a client' }).first().click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Ana');
  await page.getByLabel('Welcome message').fill(greeting);
  await page.getByRole('main').getByRole('button').filter({ hasText: /add|invite/i }).click();
  const link = page.getByText(/\/i#inv_/);
  await expect(link).toBeVisible({ timeout: 20_000 });
  return (await link.innerText()).trim();
}

/** A coach with a practice, an invitation, and then nobody online but the server. */
async function invited(world: World) {
  const coach = await world.device();
  await readyPractice(coach.page, world.practice, { password: goodPassword });
  const link = await inviteAna(coach.page);
  await coach.page.goto('about:blank');
  return { coach, link };
}

test('with a passkey on a phone, while the coach is away', async ({ world }) => {
  const { coach, link } = await invited(world);
  const { page, traffic } = await world.device({ phone: true });
  await page.goto(link);
  await expect(page.getByRole('heading', { level: 1, name: 'Maya Okafor invites you, Ana' })).toBeVisible();
  await expect(page.getByText(greeting)).toBeVisible();
  expect(new URL(page.url()).hash).toBe('');
  await expectGood(page);
  await picture(page, 'join-invitation');
  await page.getByRole('button', { name: 'Join Maya' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Choose how you unlock' })).toBeVisible();
  await expectGood(page);
  await picture(page, 'join-unlock');
  await page.getByRole('button', { name: 'Create passkey' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Save your kit' })).toBeVisible({ timeout: 30_000 });
  await expectGood(page);
  await picture(page, 'join-kit');
  const kit = await saveKitFile(page, 'Save my kit');
  await expect(page.getByRole('heading', { level: 1, name: 'Welcome, Ana' })).toBeVisible();
  await expectGood(page);
  await picture(page, 'join-welcome');
  await page.getByRole('link', { name: 'Open my space' }).click();
  await expect(page).toHaveURL(/\/home$/);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();

  // Nothing of the link or the passkey reached the server.
  expectNoSecretSent(traffic);
  const secret = link.split('.')[1] as string;
  expect(traffic.addresses.some((address) => address.includes(secret))).toBe(false);
  expect(traffic.bodies.some((body) => body.includes(secret))).toBe(false);

  // The kit opens the space in another browser.
  const tablet = await world.device();
  await tablet.page.goto(`${world.practice.origin}/sign-in?way=kit`);
  await tablet.page.getByLabel('The 24 words, or the line').fill(kit.line.toLowerCase());
  await tablet.page.getByRole('button', { name: 'Sign in with this kit' }).click();
  await expect(tablet.page.getByRole('heading', { level: 1, name: 'Welcome back, Ana' })).toBeVisible({ timeout: 30_000 });

  // The coach is back.
  await coach.page.goto(`${world.practice.origin}/clients`);
  await coach.page.getByLabel('Your password').fill(goodPassword);
  await coach.page.getByRole('button', { name: 'Unlock' }).click();
  await expect(coach.page.getByText('Verified', { exact: true })).toBeVisible();
  await expect(page.getByText(/^Verified: the link carried Maya’s keys/)).toBeVisible();
});

test('with a password, and a reload before the kit is saved', async ({ world }) => {
  const { link } = await invited(world);
  const { page } = await world.device({ phone: true });
  await page.goto(link);
  await expect(page.getByRole('button', { name: 'Join Maya' })).toBeVisible();
  await page.reload();
  await page.getByRole('button', { name: 'Join Maya' }).click();
  await page.getByLabel('Your password').fill('a quiet red hill');
  await page.getByRole('button', { name: 'Use this password' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Save your kit' })).toBeVisible({ timeout: 30_000 });
  await page.reload();
  await page.getByLabel('Your password').fill('a quiet red hill');
  await page.getByRole('button', { name: 'Unlock' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Save your kit' })).toBeVisible();
  await expectGood(page);
  await page.getByRole('button', { name: 'Make a new kit' }).click();
  await saveKitFile(page, 'Save my kit');
  await expect(page).toHaveURL(/\/home$/);
});

test.describe('links that open nothing', () => {
  test.use({ expectedErrors: /404|410|409/ });

  test('each says why and what to do', async ({ world }) => {
    const { link } = await invited(world);
    const { page } = await world.device({ phone: true });
    const cases: [link: string, heading: string][] = [
      [link.slice(0, -10), 'The link is not complete'],
      [link.replace(/\.[^.]+\./, `.${'A'.repeat(43)}.`), 'This link does not fit the invitation'],
      [link.replace(/inv_.{26}/, 'inv_01kb00000000000000000000zz'), 'Nobody here knows this invitation'],
    ];
    for (const [broken, heading] of cases) {
      await page.goto('about:blank');
      await page.goto(broken);
      await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible();
      await expect(page.getByText(/new link/)).toBeVisible();
      await expectGood(page);
    }
    await page.goto('about:blank');
    await page.goto(link);
    await page.getByRole('button', { name: 'Join Maya' }).click();
    await page.getByLabel('Your password').fill('a quiet red hill');
    await page.getByRole('button', { name: 'Use this password' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Save your kit' })).toBeVisible({ timeout: 30_000 });

    const other = await world.device({ phone: true });
    await other.page.goto(link);
    await expect(other.page.getByRole('heading', { level: 1, name: 'This invitation was used already' })).toBeVisible();
    await expectGood(other.page);
  });
});
