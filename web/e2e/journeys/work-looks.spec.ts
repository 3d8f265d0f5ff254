/** Every page of daily work in every look: light and dark, wide and phone, and the width of 400 % zoom. */
import type { Page } from '@playwright/test';
import { expectGood } from '../support/axe';
import { picture, screens, show } from '../support/screens';
import { goTo, noteText, openClient, openTab, readyPair, writeNote, type Pair } from '../support/work';
import { expect, test } from '../support/world';

test.setTimeout(400_000);

test('the pages of coach and client are good in every look', async ({ world }) => {
  const pair = await readyPair(world);
  const address = new URL(pair.clientPage).pathname;
  const note = await fill(pair);
  await lookAt(pair.coach.page, {
    'today': '/today',
    'clients': '/clients',
    'add-client': '/clients/new',
    'overview': address,
    'notes': `${address}/notes`,
    'note': `${address}/notes/${note}`,
    'actions': `${address}/actions`,
    'conversation': `${address}/messages`,
    'files': `${address}/files`,
    'access': `${address}/access`,
    'session': `${address}/session`,
    'messages': '/messages',
    'outbox': '/outbox',
  });
  const { page } = pair.client;
  await visit(page, '/notes');
  const shared = new URL((await page.getByRole('link', { name: /Session 7/ }).getAttribute('href')) ?? '', world.practice.origin).pathname;
  await lookAt(page, {
    'client-home': '/home',
    'client-notes': '/notes',
    'client-note': shared,
    'client-messages': '/messages',
    'client-space': '/space',
    'client-actions': '/space/actions',
    'client-files': '/space/files',
    'client-access': '/space/access',
  });
});

async function lookAt(page: Page, pages: Record<string, string>): Promise<void> {
  for (const [name, path] of Object.entries(pages)) {
    await visit(page, path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    for (const screen of screens) {
      await test.step(`${name} on ${screen.name}`, async () => {
        await show(page, screen);
        await expectGood(page);
        if (screen.width !== 320) await picture(page, `work-${name}-${screen.name}`);
      });
    }
  }
}

/** Goes there without loading anew, which would lock. */
async function visit(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    history.pushState({}, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
  }, path);
  await page.waitForTimeout(300);
}

/** Something of everything. Gives the shared note's own record. */
async function fill({ coach: { page }, client }: Pair): Promise<string> {
  await openTab(page, 'Actions');
  for (const [title, due] of [['Ask Ruth for a two-week trial', '2020-01-03'], ['Say “tomorrow” twice', '2099-01-01'], ['Block two mornings', '']] as const) {
    await page.getByLabel('By when').fill(due);
    await page.getByLabel('What').fill(title);
    await page.getByLabel('What').press('Enter');
    await expect(page.getByRole('checkbox', { name: title })).toBeVisible();
  }
  await openTab(page, 'Messages');
  for (const text of ['Thank you for today. The note is shared, and “Ask Ruth” is on your list.', 'See you on Thursday.']) {
    await page.getByLabel('Message to Ana').fill(text);
    await page.keyboard.press('Enter');
    await expect(page.getByLabel('Message to Ana')).toHaveValue('');
  }
  await openTab(page, 'Files');
  await page.getByLabel('Choose files to send').setInputFiles({ name: 'Wheel of life.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(240_000, 7) });
  await expect(page.getByRole('button', { name: /^Download/ })).toBeVisible({ timeout: 30_000 });
  await writeNote(page, 'Session 6', 'A draft about the week that was.');
  await openClient(page);
  await writeNote(page, 'After the call', 'Ask what she would do if Ruth said yes at once.', 'Private note');
  await openClient(page);
  await writeNote(page, 'Session 7', 'Ana came in tired from the reorganisation and left with one clear request for her manager. She noticed that she says yes fastest when she feels least prepared.');
  await page.keyboard.press('Enter');
  await page.keyboard.type('# Next steps');
  await page.keyboard.press('Enter');
  await page.keyboard.type('- One pause before each yes');
  await page.getByRole('button', { name: 'Share with Ana' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Share with Ana' }).click();
  await expect(page.getByText('Shared with Ana.')).toBeVisible();
  await expect(noteText(page)).toContainText('One pause');
  const note = new URL(page.url()).pathname.split('/').pop() as string;
  await client.page.getByRole('checkbox', { name: 'Block two mornings' }).check();
  await goTo(client.page, 'Messages');
  await client.page.getByLabel('Message to Maya').fill('Done already! It went better than I feared.');
  await client.page.getByRole('button', { name: 'Send' }).click();
  await expect(client.page.getByText(/· Sent/)).toBeVisible();
  return note;
}
