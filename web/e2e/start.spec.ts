/** The entry of the product, against a practice that answers or does not. */
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { expectGood } from './support/axe';
import { expect, test } from './support/console';
import { picture } from './support/screens';
import { serve, type Answers } from './support/static-server';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const outDir = here('../test-results/product');

test.beforeAll(async () => {
  await build({ configFile: here('../vite.config.ts'), logLevel: 'warn', build: { outDir } });
});

function practice(state: string): Answers {
  return { 'GET /api/v1/practice': { body: { name: null, state, zone: null, origin: null, restore_pending: false, version: '0.1.0' } } };
}

for (const [state, path] of [['unclaimed', '/claim'], ['active', '/sign-in']] as const) {
  test(`a practice that is ${state} leads to ${path}`, async ({ page }) => {
    const server = await serve(outDir, practice(state));
    await page.goto(server.origin);
    await expect(page).toHaveURL(new RegExp(`${path}$`));
    await server.close();
  });
}

test.describe('a practice that does not answer', () => {
  test.use({ expectedErrors: /503/ });

  test('is said calmly, and can be tried again', async ({ page }) => {
    const answers: Answers = { 'GET /api/v1/practice': { status: 503, body: {} } };
    const server = await serve(outDir, answers);
    await page.goto(server.origin);
    await expect(page.getByRole('heading', { name: 'The practice does not answer' })).toBeVisible();
    await expectGood(page);
    await picture(page, 'start-unreachable');
    Object.assign(answers, practice('unclaimed'));
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page).toHaveURL(/claim$/);
    await server.close();
  });
});
