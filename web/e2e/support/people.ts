/** What people do in journeys, step by step, as they see it on the screen. */
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expectGood } from './axe';
import type { RunningPractice } from './server';
import { setUpTotp, type App } from './totp';
import { expect } from './world';

/** How an owner unlocks. */
export type Way = 'passkey' | { password: string };

/** A kit as its file says it. */
export interface KitFile {
  text: string;
  words: string[];
  line: string;
}

export const goodPassword = 'the tin boat hums at noon';

/** From the claim address to the kits page. */
export async function foundPractice(page: Page, practice: RunningPractice, way: Way): Promise<void> {
  await page.goto(practice.claimAddress);
  await expect(page.getByLabel('Claim code')).not.toHaveValue('');
  await expectGood(page);
  await page.getByRole('button', { name: 'Begin' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Your practice' })).toBeVisible();
  await expect(page.getByText(practice.origin)).toBeVisible();
  await page.getByLabel('Name of the practice').fill('Juniper Coaching');
  await expectGood(page);
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Your sign-in' })).toBeVisible();
  await page.getByLabel('Your name').fill('Maya Okafor');
  await expectGood(page);
  await useWay(page, way);
  await expect(page.getByRole('heading', { level: 1, name: 'Save your kits' })).toBeVisible({ timeout: 30_000 });
}

/** Presses the passkey button, or types the password. */
export async function useWay(page: Page, way: Way): Promise<void> {
  if (way === 'passkey') return page.getByRole('button', { name: 'Create passkey' }).click();
  await page.getByLabel('Your password').fill(way.password);
  await page.getByRole('button', { name: 'Use this password' }).click();
}

/** Saves the kit that is shown as a file, and reads it. */
export async function saveKitFile(page: Page, button: string): Promise<KitFile> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: button }).click()]);
  const text = await readFile((await download.path()) as string, 'utf8');
  const words = /^# words: (.*)$/m.exec(text)?.[1]?.split(' ') ?? [];
  const line = /^AGE-SECRET-KEY-PQ-1.*$/m.exec(text)?.[0] ?? '';
  expect(words).toHaveLength(24);
  expect(line).not.toBe('');
  return { text, words, line };
}

/** Shows a kit's page and saves its file. */
export async function keepKit(page: Page, kit: 'Restore kit' | 'Personal kit'): Promise<KitFile> {
  await page.getByRole('button', { name: kit, exact: true }).click();
  await expect(page.getByRole('region', { name: kit })).toBeVisible();
  return saveKitFile(page, 'No printer? Save it as a file');
}

/** Types the words that the page asks for; `spoil` changes them. */
export async function typeWords(page: Page, kit: KitFile, spoil: (word: string, index: number) => string = (word) => word): Promise<void> {
  const fields = page.getByLabel(/^Word \d+$/);
  for (const [index, field] of (await fields.all()).entries()) {
    const place = Number((await field.evaluate((input: HTMLInputElement) => input.labels?.[0]?.textContent ?? '')).replace(/\D/g, ''));
    await field.fill(spoil(kit.words[place - 1] as string, index));
  }
}

/** Proves the kit that is shown. */
export async function proveKit(page: Page, kit: KitFile): Promise<void> {
  await typeWords(page, kit);
  await page.getByRole('button', { name: 'Check and go on' }).click();
}

/** What an owner holds after set-up; the app only where the practice asked for a second step. */
export interface Held {
  restore: KitFile;
  personal: KitFile;
  app: App | null;
}

/** Both kits, saved and proved, and a second step where one is asked for: the practice is ready. */
export async function finishSetUp(page: Page, addStep: (page: Page) => Promise<App | null> = addApp): Promise<Held> {
  const restore = await keepKit(page, 'Restore kit');
  await proveKit(page, restore);
  await expect(page.getByText('Proved', { exact: true })).toHaveCount(1);
  const personal = await keepKit(page, 'Personal kit');
  await proveKit(page, personal);
  const asked = page.getByRole('heading', { level: 1, name: 'Add a second step' });
  await expect(asked.or(page.getByRole('heading', { level: 1, name: /^Good / }))).toBeVisible();
  const app = (await asked.isVisible()) ? await addStep(page) : null;
  await expect(page).toHaveURL(/\/today$/);
  return { restore, personal, app };
}

/** A practice, set up and ready. */
export async function readyPractice(page: Page, practice: RunningPractice, way: Way): Promise<Held> {
  await foundPractice(page, practice, way);
  return finishSetUp(page);
}

/** An authenticator app, where a second step is asked for. */
export async function addApp(page: Page): Promise<App> {
  await page.getByRole('button', { name: /^An authenticator app/ }).click();
  return setUpTotp(page);
}

/** The second step by a recovery code, which no clock spoils. Harmless where none was asked for. */
export async function giveStep(page: Page, app: App | null): Promise<void> {
  if (app === null) return;
  await page.getByRole('button', { name: 'Use a recovery code' }).click();
  await page.getByLabel('Recovery code', { exact: true }).fill(app.recovery.shift() as string);
  await page.keyboard.press('Enter');
}
