/** Two people in one room: one shows a code, the other's camera reads it, and both know each other's keys. */
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expectGood } from '../support/axe';
import { cameraFrom, film } from '../support/camera';
import { picture, screens, show } from '../support/screens';
import { goTo, openTab, readyPair } from '../support/work';
import { expect, test } from '../support/world';

const filmed = join(tmpdir(), `alcove-camera-${process.pid}.y4m`);

test.use({ launchOptions: cameraFrom(filmed) });
test.setTimeout(120_000);
test.afterAll(() => rmSync(filmed, { force: true }));

const dialog = (page: Page) => page.getByRole('dialog');

async function openCode(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Compare words' }).click();
  await dialog(page).getByRole('button', { name: 'In one room? Use a code' }).click();
}

async function inEveryLook(page: Page, name: string): Promise<void> {
  const before = page.viewportSize();
  for (const screen of screens.filter(({ width }) => width !== 320)) {
    await show(page, screen);
    await expectGood(page);
    await picture(page, `${name}-${screen.name}`);
  }
  if (before) await page.setViewportSize(before);
}

test('a code is scanned by camera on one side and by photo on the other', async ({ world }) => {
  const { coach, client } = await readyPair(world);
  await goTo(client.page, 'My space');
  await client.page.getByRole('link', { name: /Who can read/ }).first().click();
  await openCode(client.page);
  const clientsCode = client.page.getByRole('img', { name: 'The code for Maya' });
  await film(clientsCode, filmed);
  await inEveryLook(client.page, 'code');

  await openTab(coach.page, 'Access');
  await openCode(coach.page);
  const coachsCode = await coach.page.getByRole('img', { name: 'The code for Ana' }).screenshot();
  await dialog(coach.page).getByRole('button', { name: 'Scan Ana’s code' }).click();
  await expect(coach.page.getByText(/^Ana is verified\. Say that it fits/)).toBeVisible({ timeout: 15_000 });
  await expect(coach.page.getByText('Code scanned face to face')).toBeVisible();
  // The camera is let go with the dialog.
  await expect(coach.page.locator('video')).toHaveCount(0);

  // The client's camera sees no code; a photo has none either, then the coach's.
  await film(client.page.locator('h2').first(), filmed);
  await dialog(client.page).getByRole('button', { name: 'Scan Maya’s code' }).click();
  await expect(client.page.getByLabel('What the camera sees')).toBeVisible();
  const photo = client.page.getByLabel('Choose a photo of the code');
  await expect(photo).toBeAttached();
  await inEveryLook(client.page, 'scan');
  await photo.setInputFiles({ name: 'wall.png', mimeType: 'image/png', buffer: await client.page.locator('h2').first().screenshot() });
  await expect(client.page.getByText(/No code can be read in this photo|another kind of code/)).toBeVisible();
  await photo.setInputFiles({ name: 'code.png', mimeType: 'image/png', buffer: coachsCode });
  await expect(dialog(client.page)).toHaveCount(0);
  await goTo(client.page, 'Home');
  await expect(client.page.getByText(/^Verified: you scanned the code/)).toBeVisible();
});
