/** The parts of the design system, as people meet them: every look, by keyboard, under the product's policy. */
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { expectGood } from './support/axe';
import { expect, test } from './support/console';
import { picture, screens, show } from './support/screens';
import { serve, type StaticServer } from './support/static-server';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const pages = ['coach', 'coach/clients', 'client', 'set-up', 'locked'];
let server: StaticServer;

test.beforeAll(async () => {
  await build({ configFile: here('./gallery/vite.config.ts'), logLevel: 'warn' });
  server = await serve(here('../test-results/gallery'));
});
test.afterAll(() => server.close());

for (const path of pages) {
  for (const screen of screens) {
    test(`${path} is good on ${screen.name}`, async ({ page }) => {
      await show(page, screen);
      await page.goto(`${server.origin}/${path}`);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expectGood(page);
      await picture(page, `${path.replace('/', '-')}-${screen.name}`);
    });
  }
}

test('a chosen theme wins over the device', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await page.addInitScript(() => localStorage.setItem('alcove-theme', 'dark'));
  await page.goto(`${server.origin}/client`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  expect(ground).toBe('rgb(22, 21, 19)');
});

test('navigation moves focus to the heading, names the page and keeps the scroll place', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 500 });
  await page.goto(`${server.origin}/coach/clients`);
  await expect(page).toHaveTitle('Esi Haas · Alcove');
  await page.getByRole('link', { name: 'To Today' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await expect(page).toHaveTitle('Good morning, Maya · Alcove');
  await expect(page.getByRole('link', { name: 'Today' })).toHaveAttribute('aria-current', 'page');
  expect(await page.evaluate(() => window.scrollY)).toBe(0);
  await page.goBack();
  await expect(page).toHaveTitle('Esi Haas · Alcove');
  expect(await page.evaluate(() => window.scrollY)).toBeGreaterThan(0);
});

test('the keyboard skips the navigation', async ({ page }) => {
  await page.goto(`${server.origin}/coach`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
});

test('a dialog holds focus, closes by Escape and gives focus back', async ({ page }) => {
  await page.goto(`${server.origin}/coach/clients`);
  const opener = page.getByRole('button', { name: 'Ask' });
  await opener.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Give this session a name' })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toBeFocused();
  await expectGood(page);
  await picture(page, 'dialog');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(opener).toBeFocused();

  await page.getByRole('button', { name: 'Tell' }).press('Enter');
  await expect(page.getByRole('heading', { name: 'Who can read this' })).toBeFocused();
  await page.getByRole('button', { name: 'Close' }).click();
  await expect(page.getByRole('button', { name: 'Tell' })).toBeFocused();
});

test('a toast is announced and takes the act back', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto(`${server.origin}/coach/clients`);
  await page.getByRole('button', { name: 'Finish' }).click();
  const notices = page.getByRole('status', { name: 'Notices' });
  await expect(notices).toContainText('Call Sam is done.');
  await expectGood(page);
  await page.screenshot({ path: 'test-results/screens/toast.png' });
  await notices.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Taken back')).toBeVisible();
  await expect(notices).not.toContainText('Call Sam');
});

test('a busy button keeps focus, says so and ignores presses', async ({ page }) => {
  await page.goto(`${server.origin}/coach/clients`);
  const button = page.getByRole('button', { name: 'Check and go on' });
  await button.press('Enter');
  await expect(button).toHaveAttribute('aria-disabled', 'true');
  await expect(button).toBeFocused();
  await expect(button).toContainText('Working');
});

test('fields tie hint and error to their control, and a password can be shown', async ({ page }) => {
  await page.goto(`${server.origin}/coach/clients`);
  await expect(page.getByLabel('E-mail')).toHaveAccessibleDescription(/Only for notices.*no ending/);
  await expect(page.getByLabel('E-mail')).toHaveAttribute('aria-invalid', 'true');
  const password = page.getByLabel('Your password');
  await expect(password).toHaveAttribute('type', 'password');
  await page.getByRole('button', { name: 'Show the password' }).click();
  await expect(password).toHaveAttribute('type', 'text');
  await page.getByRole('checkbox', { name: 'I have read the agreement' }).press('Space');
  await expect(page.getByRole('checkbox', { name: 'I have read the agreement' })).toBeChecked();
});

test('an unknown address says so and leads back', async ({ page }) => {
  await page.goto(`${server.origin}/nowhere`);
  await expect(page.getByRole('heading', { name: 'There is nothing at this address' })).toBeVisible();
  await expectGood(page);
});

test('forced colours and less motion keep every part readable', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
  await page.goto(`${server.origin}/coach/clients`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expectGood(page);
  await picture(page, 'forced-colours');
});

test('a worker starts through the one policy', async ({ page }) => {
  await page.goto(`${server.origin}/print`);
  await page.getByRole('button', { name: 'Ask the worker' }).click();
  await expect(page.getByText('Good morning from the worker')).toBeVisible();
});

test.describe('nobody else', () => {
  test.use({ expectedErrors: /TrustedTypePolicy with that name|requires 'TrustedScriptURL'|policy: (require-)?trusted-types/ });

  test('may make the policy again or start a script without it', async ({ page, complaints }) => {
    await page.goto(`${server.origin}/print`);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    const refused = await page.evaluate(() => {
      const { trustedTypes } = window as unknown as { trustedTypes: { createPolicy(name: string, rules: object): unknown } };
      const attempt = (act: () => unknown) => {
        try {
          return String(act());
        } catch (error) {
          return (error as Error).name;
        }
      };
      return [attempt(() => trustedTypes.createPolicy('app', {})), attempt(() => new Worker('/assets/any.js'))];
    });
    expect(refused).toEqual(['TypeError', 'TypeError']);
    expect(complaints.length).toBeGreaterThan(0);
  });
});

test('on paper only the content remains', async ({ page }) => {
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await page.goto(`${server.origin}/print`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByText('Juniper Coaching')).toBeHidden();
  await expect(page.getByRole('button', { name: 'Print' })).toBeHidden();
  await expect(page.getByRole('img', { name: 'Kit' })).toBeVisible();
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(255, 255, 255)');
  expect(await page.evaluate(() => getComputedStyle(document.body).color)).toBe('rgb(31, 29, 26)');
});
