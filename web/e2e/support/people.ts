/** What people do in journeys, step by step, as they see it on the screen. */
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expectGood } from './axe';
import type { RunningPractice } from './server';
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

/** Both kits, saved and proved: the practice is ready. */
export async function finishSetUp(page: Page): Promise<{ restore: KitFile; personal: KitFile }> {
  const restore = await keepKit(page, 'Restore kit');
  await proveKit(page, restore);
  await expect(page.getByText('Proved', { exact: true })).toHaveCount(1);
  const personal = await keepKit(page, 'Personal kit');
  await proveKit(page, personal);
  await expect(page).toHaveURL(/\/today$/);
  return { restore, personal };
}

/** A practice, set up and ready. */
export async function readyPractice(page: Page, practice: RunningPractice, way: Way): Promise<{ restore: KitFile; personal: KitFile }> {
  await foundPractice(page, practice, way);
  return finishSetUp(page);
}
