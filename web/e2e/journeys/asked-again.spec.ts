/** What the practice asks of those who look after it from time to time: a new password, and whether it is still them. Its clock is played by the answers. */
import type { Page } from '@playwright/test';
import { expectGood } from '../support/axe';
import { giveStep, goodPassword, readyPractice } from '../support/people';
import { picture, screens, show } from '../support/screens';
import { expect, test } from '../support/world';

const newPassword = 'seven grey herons wait';

type Asked = 'password_expired' | 'attestation_due';

/** What the practice says from now on in whatever tells who is here, until that request is answered. Call `prepare` before the first page. */
async function say(page: Page, what: Asked, until: RegExp): Promise<void> {
  said.set(page, what);
  page.on('response', (answer) => {
    if (until.test(`${answer.request().method()} ${answer.url()}`) && answer.ok()) said.set(page, null);
  });
}

const said = new WeakMap<Page, Asked | null>();

async function prepare(page: Page): Promise<void> {
  await page.exposeFunction('saysNow', () => said.get(page) ?? null);
  await page.addInitScript(() => {
    const real = fetch.bind(globalThis);
    const { saysNow } = globalThis as unknown as { saysNow: () => Promise<string | null> };
    globalThis.fetch = async (...asked: Parameters<typeof fetch>) => {
      const [first] = asked;
      const { url, method } = first instanceof Request ? first : { url: String(first), method: asked[1]?.method ?? 'GET' };
      const answer = await real(...asked);
      if (!answer.ok || !(url.includes('/sign-ins') || (url.endsWith('/me') && method === 'GET'))) return answer;
      const what = await saysNow();
      const body = (await answer.json()) as Record<string, unknown>;
      return Response.json(what !== null && 'person' in body ? { ...body, [what]: true } : body, { status: answer.status });
    };
  });
}

async function look(page: Page, name: string): Promise<void> {
  for (const screen of screens) {
    await show(page, screen);
    await expectGood(page);
    await picture(page, `${name}-${screen.name}`);
  }
}

test('whoever looks after the practice says that it is still them, on Today or in the settings', async ({ world }) => {
  const { page } = await world.device();
  await prepare(page);
  await readyPractice(page, world.practice, 'passkey');
  await say(page, 'attestation_due', /POST .*\/me\/attestations$/);
  await page.reload();
  await page.getByRole('button', { name: 'Unlock with passkey' }).click();
  await expect(page.getByText('Still you?')).toBeVisible();
  await look(page, 'still-you');
  await page.getByRole('link', { name: 'Settings' }).first().click();
  await expect(page.getByText('Still you?')).toBeVisible();
  await page.getByRole('button', { name: 'Yes, it is me' }).click();
  await expect(page.getByText('Thank you.')).toBeVisible();
  await expect(page.getByText('Still you?')).toHaveCount(0);
  await page.getByRole('link', { name: 'Today' }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: /^Good / })).toBeVisible();
  await expect(page.getByText('Still you?')).toHaveCount(0);
});

test('a password that ran out is replaced before the first page', async ({ world }) => {
  const { page } = await world.device();
  await prepare(page);
  const { app } = await readyPractice(page, world.practice, { password: goodPassword });
  await page.getByRole('link', { name: 'Settings' }).first().click();
  await page.getByRole('button', { name: /^Sign out/ }).click();
  await say(page, 'password_expired', /PUT .*\/me\/keyring$/);
  await page.getByLabel('Password of Maya Okafor').fill(goodPassword);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await giveStep(page, app);
  await expect(page.getByRole('heading', { level: 1, name: 'Your password is 90 days old' })).toBeVisible();
  await look(page, 'password-expired');
  await page.getByLabel('Your password').fill(newPassword);
  await page.getByRole('button', { name: 'Use this password' }).click();
  await expect(page).toHaveURL(/\/today$/, { timeout: 20_000 });
  await expect(page.getByRole('heading', { level: 1, name: /^Good / })).toBeVisible();
});

test('a password that runs out meanwhile is replaced over the page, and what was typed stays', async ({ world }) => {
  const { page } = await world.device();
  await prepare(page);
  await readyPractice(page, world.practice, { password: goodPassword });
  await page.getByRole('link', { name: 'Clients' }).first().click();
  await page.getByRole('link', { name: 'Add a client' }).first().click();
  const name = page.getByRole('textbox', { name: 'Name' }).first();
  await name.fill('Ana Lovelace');
  await say(page, 'password_expired', /PUT .*\/me\/keyring$/);
  // The window is back, so the engine looks again.
  await page.evaluate(() => dispatchEvent(new Event('online')));
  const asks = page.getByRole('dialog', { name: 'Your password is 90 days old' });
  await expect(asks).toBeVisible({ timeout: 20_000 });
  await expectGood(page);
  await picture(page, 'password-expired-over');
  await page.keyboard.press('Escape');
  await expect(asks).toBeVisible();
  await asks.getByLabel('Your password').fill(newPassword);
  await asks.getByRole('button', { name: 'Use this password' }).click();
  await expect(page.getByText('Your new password is set.')).toBeVisible({ timeout: 20_000 });
  await expect(asks).toHaveCount(0);
  await expect(name).toHaveValue('Ana Lovelace');
});
