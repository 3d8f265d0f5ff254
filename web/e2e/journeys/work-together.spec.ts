/** Coach and client at the same time: actions, messages, files, words compared, out and in again. */
import { createHash, randomBytes } from 'node:crypto';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expectGood } from '../support/axe';
import { goTo, openClient, openTab, readyPair, unlock, writeNote } from '../support/work';
import { expect, test } from '../support/world';

test.setTimeout(120_000);

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

test('actions: several at once, ticked by the client, seen live, taken back', async ({ world }) => {
  const { coach, client } = await readyPair(world);
  await expect(client.page.getByRole('heading', { name: 'A word from Maya' })).toBeVisible();
  await openTab(coach.page, 'Actions');
  const what = coach.page.getByLabel('What');
  for (const title of ['Call Sam', 'Write the weekly review']) {
    await what.fill(title);
    await what.press('Enter');
    await expect(coach.page.getByRole('checkbox', { name: title })).toBeVisible();
    await expect(what).toHaveValue('');
    await expect(what).toBeFocused();
  }
  await expectGood(coach.page);
  await expect(client.page.getByRole('checkbox', { name: 'Call Sam' })).toBeVisible();
  await expectGood(client.page);
  await client.page.getByRole('checkbox', { name: 'Call Sam' }).check();
  await expect(coach.page.getByRole('checkbox', { name: 'Call Sam' })).toBeChecked();
  await expect(coach.page.getByText(/Done today by Ana/)).toBeVisible();
  await client.page.getByRole('button', { name: 'Undo' }).click();
  await expect(coach.page.getByRole('checkbox', { name: 'Call Sam' })).not.toBeChecked();

  await coach.page.getByRole('button', { name: 'Change “Call Sam”' }).click();
  const dialog = coach.page.getByRole('dialog');
  await dialog.getByLabel('What').fill('Call Sam before Monday');
  await dialog.getByLabel('By when').fill('2020-01-06');
  await expectGood(coach.page);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(client.page.getByText(/^Due Monday 6 January 2020, [\d,]+ days late/)).toBeVisible();
  await coach.page.getByRole('button', { name: 'Change “Write the weekly review”' }).click();
  await dialog.getByRole('button', { name: 'Drop it' }).click();
  await expect(coach.page.getByText('Dropped', { exact: true })).toBeVisible();
  await expect(client.page.getByRole('checkbox', { name: 'Write the weekly review' })).toHaveCount(0);
});

test('messages go both ways while both look, and are marked where nobody looks', async ({ world }) => {
  const { coach, client } = await readyPair(world);
  await openTab(coach.page, 'Messages');
  const write = coach.page.getByLabel('Message to Ana');
  await write.fill('Thank you for today.');
  await write.press('Shift+Enter');
  await write.pressSequentially('The note is shared.');
  await write.press('Enter');
  await expect(coach.page.getByText(/Thank you for today\.\s+The note is shared\./)).toBeVisible();
  await expect(coach.page.getByText(/\d\d:\d\d · Sent/)).toBeVisible();

  const tab = client.page.getByRole('link', { name: /^Messages/ });
  await expect(tab).toContainText('1 waiting');
  await tab.click();
  await expect(client.page.getByText('Thank you for today.')).toBeVisible();
  await expect(client.page.getByText('Only you and Maya can read this')).toBeVisible();
  await expect(tab).not.toContainText('waiting');
  await expectGood(client.page);
  await client.page.getByLabel('Message to Maya').fill('Done already!');
  await client.page.getByRole('button', { name: 'Send' }).click();
  await expect(coach.page.getByText('Done already!')).toBeVisible();
  await expectGood(coach.page);

  await goTo(coach.page, 'Today');
  await client.page.getByLabel('Message to Maya').fill('See you at nine.');
  await client.page.getByRole('button', { name: 'Send' }).click();
  await expect(coach.page.getByText('Ana wrote a message').first()).toBeVisible();
  await goTo(coach.page, 'Messages');
  await expect(coach.page.getByText('1 new')).toBeVisible();
  await expectGood(coach.page);
});

test('a conversation keeps what is typed while one looks elsewhere', async ({ world }) => {
  const { client } = await readyPair(world);
  await goTo(client.page, 'Messages');
  await client.page.getByLabel('Message to Maya').fill('Can we start with Sam?');
  await goTo(client.page, 'Home');
  await goTo(client.page, 'Messages');
  await expect(client.page.getByLabel('Message to Maya')).toHaveValue('Can we start with Sam?');
});

test.describe('files', () => {
  test.use({ expectedErrors: /ERR_INTERNET_DISCONNECTED|Failed to fetch/ });

  test('go both ways; an upload that was cut off goes on after a reload', async ({ world }) => {
    const { coach, client } = await readyPair(world);
    const plan = randomBytes(3_000_000);
    await openTab(coach.page, 'Files');
    await expectGood(coach.page);
    await sendFile(coach.page, 'plan\u202Efdp.bin', plan);
    await expect(coach.page.getByRole('button', { name: /^Download/ })).toBeVisible({ timeout: 30_000 });
    await goTo(client.page, 'My space');
    await client.page.getByRole('link', { name: /^Files/ }).click();
    expect(sha256(await download(client.page))).toBe(sha256(plan));
    await expect(client.page.getByText('plan[U+202E]fdp.bin').first()).toBeVisible();
    await expectGood(client.page);

    const film = randomBytes(20_000_000);
    let parts = 0;
    await client.context.route('**/api/v1/files/**', async (route) => {
      const cut = route.request().method() !== 'GET' && (parts += 1) > 1;
      await (cut ? route.abort('internetdisconnected') : route.continue());
    });
    await sendFile(client.page, 'film.bin', film);
    await expect.poll(() => parts, { timeout: 30_000 }).toBeGreaterThan(1);
    await client.context.unroute('**/api/v1/files/**');
    await client.page.reload();
    await unlock(client.page);
    const film_row = coach.page.getByRole('listitem').filter({ hasText: 'film.bin' });
    await expect(film_row).toBeVisible({ timeout: 80_000 });
    expect(sha256(await download(coach.page, 'film.bin'))).toBe(sha256(film));
  });
});

test('a browser that has no storage for files sends small ones, and says so of large ones', async ({ world }) => {
  const { coach, client } = await readyPair(world);
  // As in WebKitGTK.
  await coach.page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'storage', { value: undefined }));
  await coach.page.reload();
  await unlock(coach.page);
  await openTab(coach.page, 'Files');
  const plan = randomBytes(1_000_000);
  await sendFile(coach.page, 'plan.bin', plan);
  await expect(coach.page.getByRole('button', { name: /^Download/ })).toBeVisible({ timeout: 30_000 });
  expect(sha256(await download(coach.page, 'plan.bin'))).toBe(sha256(plan));
  await goTo(client.page, 'My space');
  await client.page.getByRole('link', { name: /^Files/ }).click();
  expect(sha256(await download(client.page, 'plan.bin'))).toBe(sha256(plan));

  const large = join(world.practice.folder, 'film.bin');
  await writeFile(large, '');
  await truncate(large, 65 * 2 ** 20);
  await coach.page.getByLabel('Choose files to send').setInputFiles(large);
  await expect(coach.page.getByText('This browser cannot keep large files')).toBeVisible();
  await expect(coach.page.getByText(/Use another browser/)).toBeVisible();
  await expectGood(coach.page);
});

test('words are compared on both sides, access is taken away with a typed name', async ({ world }) => {
  const { coach, client } = await readyPair(world);
  await client.page.getByRole('link', { name: 'Compare words' }).click();
  await client.page.getByRole('button', { name: 'Compare words' }).click();
  const theirs = await wordsOf(client.page);
  await expectGood(client.page);
  await openTab(coach.page, 'Access');
  await expectGood(coach.page);
  await coach.page.getByRole('button', { name: 'Compare words' }).click();
  expect(await wordsOf(coach.page)).toEqual(theirs);
  expect(theirs).toHaveLength(6);
  await coach.page.getByRole('button', { name: 'The words are the same' }).click();
  await expect(coach.page.getByRole('main').getByText('Verified').first()).toBeVisible();
  await client.page.getByRole('button', { name: 'The words are the same' }).click();
  await goTo(client.page, 'Home');
  await expect(client.page.getByText('Verified: you compared words with Maya.')).toBeVisible();

  await coach.page.getByRole('button', { name: 'Remove access' }).click();
  const dialog = coach.page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Remove access' }).click();
  await expect(dialog.getByText('Type the name Ana.')).toBeVisible();
  await expectGood(coach.page);
  await dialog.getByLabel('Type “Ana” to go on').fill('ana');
  await dialog.getByRole('button', { name: 'Remove access' }).click();
  await expect(coach.page.getByText('Ana no longer has access.')).toBeVisible();
  await expect(coach.page.getByRole('main').getByText('Only you', { exact: true }).first()).toBeVisible();
});

test('out and in again: everything is there', async ({ world }) => {
  const { coach } = await readyPair(world);
  await writeNote(coach.page, 'Session 7', 'One pause before each yes.');
  await openClient(coach.page);
  await openTab(coach.page, 'Messages');
  await coach.page.getByLabel('Message to Ana').fill('See you at nine.');
  await coach.page.keyboard.press('Enter');
  await expect(coach.page.getByText(/· Sent/)).toBeVisible();
  await goTo(coach.page, 'Settings');
  await coach.page.getByRole('button', { name: /^Sign out/ }).click();
  await coach.page.getByRole('button', { name: 'Use my passkey' }).click();
  await expect(coach.page).toHaveURL(/\/today$/);
  await expect(coach.page.getByRole('link', { name: /Session 7/ })).toBeVisible();
  await openClient(coach.page);
  await expect(coach.page.getByText('One pause before each yes.')).toBeVisible();
  await openTab(coach.page, 'Messages');
  await expect(coach.page.getByText('See you at nine.')).toBeVisible();
});

async function sendFile(page: Page, name: string, buffer: Buffer): Promise<void> {
  await page.getByLabel('Choose files to send').setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
}

async function download(page: Page, name?: string): Promise<Buffer> {
  const row = name ? page.getByRole('listitem').filter({ hasText: name }) : page.getByRole('listitem').filter({ hasText: '.bin' });
  const [saved] = await Promise.all([page.waitForEvent('download', { timeout: 60_000 }), row.getByRole('button', { name: /^Download/ }).click()]);
  return readFile((await saved.path()) as string);
}

async function wordsOf(page: Page): Promise<string[]> {
  const words = page.getByRole('list', { name: 'The six words' }).getByRole('listitem');
  await expect(words.first()).toBeVisible();
  return (await words.allTextContents()).map((text) => text.replace(/^\d/, ''));
}
