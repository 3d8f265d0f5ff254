/** A coach and a client who share a space, and what they do in it, as they see it on the screen. */
import type { Page } from '@playwright/test';
import { readyPractice, saveKitFile, type KitFile } from './people';
import { expect, type Device, type World } from './world';

export interface Pair {
  coach: Device;
  client: Device;
  /** The coach's own kit, for another device. */
  kit: KitFile;
  /** The practice's restore kit. */
  restore: KitFile;
  /** The address of the client's page at the coach. */
  clientPage: string;
}

/** A new practice, one client added by link, joined on a phone. */
export async function readyPair(world: World): Promise<Pair> {
  const coach = await world.device();
  const { personal, restore } = await readyPractice(coach.page, world.practice, 'passkey');
  const link = await addClient(coach.page, 'Ana Abara', 'Good to have you here.');
  const clientPage = coach.page.url().replace(/\/invite$/, '');
  const client = await world.device({ phone: true });
  await join(client.page, link);
  await coach.page.goto(`${clientPage}`);
  await unlock(coach.page);
  return { coach, client, kit: personal, restore, clientPage };
}

/** A coach with one client who has not joined yet, on the client's page. */
export async function readyCoach(world: World): Promise<Page> {
  const { page } = await world.device();
  await readyPractice(page, world.practice, 'passkey');
  await addClient(page, 'Ana Abara', '');
  await page.getByRole('link', { name: 'Ana Abara' }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'Ana Abara' })).toBeVisible();
  return page;
}

/** From Today to the invite's link. */
export async function addClient(page: Page, name: string, welcome: string): Promise<string> {
  await page.getByRole('link', { name: 'Add a client' }).click();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Welcome message').fill(welcome);
  await page.getByRole('button', { name: 'Add and make the link' }).click();
  await expect(page.getByRole('heading', { level: 1, name: `Invite ${name.split(' ')[0]}` })).toBeVisible();
  const link = page.getByText(/\/i#/);
  await expect(link).toBeVisible();
  return (await link.textContent()) ?? '';
}

/** From the link to the client's home. */
export async function join(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByRole('button', { name: /^Join / }).click();
  await page.getByRole('button', { name: 'Create passkey' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Save your kit' })).toBeVisible({ timeout: 30_000 });
  await saveKitFile(page, 'Save my kit');
  await page.getByRole('link', { name: 'Open my space' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Hello Ana' })).toBeVisible();
}

/** After a page was loaded anew: the passkey opens it. */
export async function unlock(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Unlock with passkey' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Locked' })).toBeHidden();
}

/** Goes to one of the places in the rail or the bar, without loading anew. */
export async function goTo(page: Page, place: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: new RegExp(`^${place}`) }).filter({ visible: true }).click();
}

/** One of the tabs of a client's page. */
export async function openTab(page: Page, tab: string): Promise<void> {
  const link = page.getByRole('navigation', { name: 'Ana Abara' }).getByRole('link', { name: new RegExp(`^${tab}`) });
  // What arrives meanwhile may move the page under the pointer: a person taps again.
  await expect(async () => {
    await link.click();
    await expect(link).toHaveAttribute('aria-current', 'page', { timeout: 5_000 });
  }).toPass({ timeout: 20_000 });
}

/** The text field of the note that is open. */
export function noteText(page: Page) {
  return page.getByRole('textbox', { name: /^(Session|Private) note$/ });
}

/** The client's pages at the coach, by tab. */
export async function openClient(page: Page): Promise<void> {
  await goTo(page, 'Clients');
  await page.getByRole('link', { name: /^Ana Abara|Ana Abara/ }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'Ana Abara' })).toBeVisible();
}

/** A new note of the coach, typed and sealed on the device. */
export async function writeNote(page: Page, title: string, text: string, kind: 'New note' | 'Private note' = 'New note'): Promise<void> {
  await openTab(page, 'Notes');
  await page.getByRole('main').getByRole('link', { name: kind, exact: true }).last().click();
  await page.getByRole('textbox', { name: 'Title' }).fill(title);
  await noteText(page).click();
  await page.keyboard.type(text);
  await expect(page.getByText(/^Saved (on this device|and sent)/)).toBeVisible();
}
