/** Files while they are on their way: paused, gone on with, stopped; dropped and pasted. */
import { expectGood } from '../support/axe';
import { screens, show } from '../support/screens';
import { openTab, readyCoach } from '../support/work';
import { expect, test } from '../support/world';

// An upload that is paused breaks its request off.
test.use({ expectedErrors: /ERR_ABORTED|Failed to fetch/ });
test.setTimeout(120_000);

test('an upload is paused, gone on with, and another one stopped for good', async ({ world }) => {
  const page = await readyCoach(world);
  await openTab(page, 'Files');
  const looked = { done: false };
  // Parts take their time until everything was looked at.
  await page.context().route('**/api/v1/files/*/parts/**', async (route) => {
    if (!looked.done) await new Promise((resolve) => setTimeout(resolve, 700));
    await route.continue().catch(() => undefined);
  });
  const send = (name: string) => page.getByLabel('Choose files to send').setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.alloc(20_000_000, 7) });
  await send('film.bin');
  await page.getByRole('button', { name: 'Pause “film.bin”' }).click({ timeout: 20_000 });
  await expect(page.getByText(/^Paused at \d+ %/)).toBeVisible();
  for (const screen of screens) {
    await show(page, screen);
    await expectGood(page);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  // It stays paused: nothing goes on by itself.
  await page.waitForTimeout(1_500);
  await expect(page.getByText(/^Paused at \d+ %/)).toBeVisible();
  await page.getByRole('button', { name: 'Go on with “film.bin”' }).click();
  await expect(page.getByText(/^\d+ % of 20 MB/)).toBeVisible();

  await send('mistake.bin');
  await page.getByRole('button', { name: 'Stop and remove “mistake.bin”' }).click({ timeout: 20_000 });
  await expect(page.getByText('mistake.bin')).toHaveCount(0);
  looked.done = true;
  await expect(page.getByRole('button', { name: /^Download/ })).toHaveCount(1, { timeout: 30_000 });
  await page.waitForTimeout(300);
  await expect(page.getByText('mistake.bin')).toHaveCount(0);
  // Neither leaves its sealed copy on the device.
  await expect.poll(() => page.evaluate(namesOnDevice)).toEqual([]);
});

test('files are dropped on the page, and pasted into it', async ({ world }) => {
  const page = await readyCoach(world);
  await openTab(page, 'Files');
  await expect(page.getByRole('group', { name: 'Send files' })).toBeVisible();
  await page.getByRole('group', { name: 'Send files' }).evaluate((place) => {
    const data = new DataTransfer();
    data.items.add(new File(['dropped words'], 'dropped.txt', { type: 'text/plain' }));
    for (const type of ['dragover', 'drop']) place.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  await expect(page.getByText('dropped.txt').first()).toBeVisible();
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(['pasted words'], 'pasted.txt', { type: 'text/plain' }));
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await expect(page.getByRole('button', { name: /^Download/ })).toHaveCount(2, { timeout: 30_000 });
  await expect(page.getByText('pasted.txt').first()).toBeVisible();
});

/** Runs in the page: what lies in its private storage, in every folder. */
async function namesOnDevice(): Promise<string[]> {
  const found: string[] = [];
  const walk = async (folder: FileSystemDirectoryHandle) => {
    for await (const [name, entry] of (folder as unknown as { entries(): AsyncIterable<[string, FileSystemHandle]> }).entries()) {
      if (entry.kind === 'directory') await walk(entry as FileSystemDirectoryHandle);
      else found.push(name);
    }
  };
  await walk(await navigator.storage.getDirectory());
  return found;
}
