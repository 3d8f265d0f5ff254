/** Practice recovery: a sole owner brings back a client who lost everything; two owners need each other; who did not agree, or says stop, is left alone. */
import type { Page } from '@playwright/test';
import { expectGood } from '../support/axe';
import { addApp, saveKitFile, typeWords, type KitFile } from '../support/people';
import { picture, screens, show } from '../support/screens';
import { expectNoSecretSent } from '../support/traffic';
import { goTo, openTab, readyPair, unlock } from '../support/work';
import { expect, test, type Device, type World } from '../support/world';

test.setTimeout(300_000);
// Sessions end when somebody is brought back, and a link is tried twice.
test.use({ expectedErrors: /40[139]/ });

async function everyLook(page: Page, name: string): Promise<void> {
  const before = page.viewportSize();
  for (const screen of screens) {
    await show(page, screen);
    await expectGood(page);
    await picture(page, `recovery-${name}-${screen.name}`);
  }
  if (before) await page.setViewportSize(before);
  await page.emulateMedia({ colorScheme: 'light' });
}

const heading = (page: Page, name: string | RegExp) => expect(page.getByRole('heading', { level: 1, name })).toBeVisible({ timeout: 30_000 });

/** What asks for a fresh proof gets one, by passkey; then what was asked for shows. */
async function confirmed(page: Page, shown: ReturnType<Page['getByText']>): Promise<void> {
  const asks = page.getByRole('button', { name: 'Confirm with passkey' });
  await expect(asks.or(shown).filter({ visible: true }).first()).toBeVisible({ timeout: 30_000 });
  if (await asks.isVisible()) await asks.click();
  await expect(shown).toBeVisible({ timeout: 30_000 });
}

async function toRecovery(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Settings' }).first().click();
  await page.getByRole('link', { name: 'Practice recovery' }).click();
  await heading(page, 'Practice recovery');
}

/** Makes and proves the owner's paper. The words are typed by keyboard alone. */
async function makePaper(page: Page, look = false): Promise<KitFile> {
  await page.getByRole('button', { name: 'Make my recovery paper' }).click();
  const paper = await saveKitFile(page, 'No printer? Save it as a file');
  if (look) await everyLook(page, 'paper');
  // Words that are only on the page are nowhere on the screen.
  expect(await page.locator('body').innerText()).not.toContain(paper.words.join(' '));
  await typeWords(page, paper);
  await page.getByLabel(/^Word \d+$/).last().press('Enter');
  await confirmed(page, page.getByText('Proved', { exact: true }).first());
  return paper;
}

async function setUp(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Set it up' }).click();
  await confirmed(page, page.getByRole('button', { name: 'Make it anew' }));
}

async function agree(page: Page, look?: string): Promise<void> {
  if (look) await everyLook(page, look);
  await page.getByRole('button', { name: 'Let the practice help me' }).click();
  await confirmed(page, page.getByText('Agreed', { exact: true }));
}

/** From the owner's list of people to the page on which Ana's access comes back. */
async function toReturn(page: Page): Promise<void> {
  await goTo(page, 'People');
  await page.getByRole('link', { name: /Ana Abara/ }).first().click();
  await page.getByRole('link', { name: 'Bring back Ana’s access' }).click();
  await heading(page, 'Bring back Ana’s access');
}

async function ask(page: Page, paper: KitFile, spoil = false): Promise<void> {
  await page.getByLabel('Why').fill('Lost phone and kit on the train');
  await page.getByLabel(/^The 24 words/).fill(spoil ? [...paper.words.slice(0, 23), 'zebra'].join(' ') : paper.words.join(' '));
  await page.getByRole('button', { name: 'Bring back Ana’s access' }).click();
}

async function linkOn(page: Page): Promise<string> {
  const link = page.locator('p.link');
  await confirmed(page, link);
  return (await link.innerText()).trim();
}

/** The page of an owner's own answer at the client, by her phone's menu. */
async function anaAnswers(page: Page): Promise<void> {
  await goTo(page, 'My space');
  await toRecovery(page);
}

/** On a new phone: in by the link, a way of her own, a new kit. */
async function comeBack(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await heading(page, 'Add this device to Juniper Coaching');
  await page.getByRole('button', { name: 'Add this device' }).click();
  await heading(page, 'This device is in, Ana Abara');
  await page.getByRole('button', { name: 'Create passkey' }).click();
  await heading(page, 'Save your kit');
  await everyLook(page, 'new-kit');
  await saveKitFile(page, 'Save my kit');
  await heading(page, 'Hello Ana');
}

/** Noor joins as an owner, with a second step as owners need. */
async function secondOwner(world: World, maya: Page): Promise<Device> {
  await goTo(maya, 'Settings');
  await maya.getByRole('link', { name: /Your team/ }).click();
  await maya.getByRole('button', { name: 'Invite a colleague' }).click();
  const dialog = maya.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill('Noor Haddad');
  await dialog.getByLabel('Works here as').selectOption('owner');
  await dialog.getByRole('button', { name: 'Make the invite link' }).click();
  const link = dialog.getByText(/\/i#inv_/);
  await confirmed(maya, link);
  const noor = await world.device();
  await noor.page.goto((await link.innerText()).trim());
  await dialog.getByRole('button', { name: 'Done' }).click();
  await noor.page.getByRole('button', { name: 'Join Juniper Coaching' }).click();
  await noor.page.getByRole('button', { name: 'Create passkey' }).click();
  await heading(noor.page, 'Save your kit');
  const kit = await saveKitFile(noor.page, 'Save my kit');
  await typeWords(noor.page, kit);
  await noor.page.getByRole('button', { name: 'Check the words' }).click();
  const step = noor.page.getByRole('heading', { level: 1, name: 'Add a second step' });
  await expect(step.or(noor.page.getByRole('heading', { level: 1, name: /^Good / }))).toBeVisible({ timeout: 30_000 });
  if (await step.isVisible()) await addApp(noor.page);
  await expect(maya.getByRole('listitem').filter({ hasText: 'Noor Haddad' }).getByText('Confirmed', { exact: true })).toBeVisible({ timeout: 30_000 });
  return noor;
}

test('a sole owner brings a client back, who had agreed, and who finds all that was there', async ({ world }) => {
  const { coach, client } = await readyPair(world);
  const maya = coach.page;
  await openTab(maya, 'Messages');
  await maya.getByRole('textbox', { name: /message/i }).fill('See you on Monday');
  await maya.getByRole('button', { name: 'Send' }).click();
  await expect(maya.getByRole('log').getByText('See you on Monday')).toBeVisible();

  await toRecovery(maya);
  await expect(maya.getByText('It is off. Nobody is asked')).toBeVisible();
  await everyLook(maya, 'off');
  const paper = await makePaper(maya, true);
  await everyLook(maya, 'ready');
  await setUp(maya);
  await everyLook(maya, 'owner');

  // Before she agreed, nothing brings her back.
  await toReturn(maya);
  await everyLook(maya, 'ask');
  await ask(maya, paper, true);
  await expect(maya.getByText(/do not fit|does not belong|not a kit word/).first()).toBeVisible();
  await ask(maya, paper);
  await confirmed(maya, maya.getByText(/did not agree|has not agreed/).first());
  await expectGood(maya);

  // She is asked calmly, on her home.
  await goTo(client.page, 'Messages');
  await goTo(client.page, 'Home');
  await expect(client.page.getByText('May the practice help you if you lose everything?')).toBeVisible({ timeout: 20_000 });
  await everyLook(client.page, 'asked');
  await client.page.getByRole('link', { name: 'Read and decide' }).click();
  await heading(client.page, 'Practice recovery');
  await agree(client.page, 'answer');
  await everyLook(client.page, 'agreed');

  await ask(maya, paper);
  const link = await linkOn(maya);
  await everyLook(maya, 'link');
  const anew = await world.device({ phone: true });
  await comeBack(anew.page, link);
  await goTo(anew.page, 'Messages');
  await expect(anew.page.getByRole('log').getByText('See you on Monday')).toBeVisible({ timeout: 30_000 });
  // What she agreed to goes on, and she is told what was done.
  await anaAnswers(anew.page);
  await expect(anew.page.getByText('Agreed', { exact: true })).toBeVisible({ timeout: 20_000 });
  await anew.page.getByRole('link', { name: 'Settings' }).first().click();
  await anew.page.getByRole('link', { name: 'My access' }).click();
  await expect(anew.page.getByText('Your access was brought back by practice recovery')).toBeVisible();
  await expect(anew.page.getByText(/Lost phone and kit on the train/).first()).toBeVisible();
  await expectGood(anew.page);

  // The link is used up, and nothing that opens anything was ever sent.
  const thief = await world.device();
  await thief.page.goto(link);
  await thief.page.getByRole('button', { name: 'Add this device' }).click();
  await expect(thief.page.getByText('This code is not good any more')).toBeVisible();
  const secrets = [paper.line, paper.words.join(' '), link.split('.').at(-2) as string];
  for (const device of [coach, client, anew]) {
    expectNoSecretSent(device.traffic);
    for (const secret of secrets) expect([...device.traffic.addresses, ...device.traffic.bodies].some((sent) => sent.includes(secret))).toBe(false);
  }
});

test('two owners need each other’s papers; the client can stop it, and who said no is left alone', async ({ world }) => {
  const { coach, client } = await readyPair(world);
  const maya = coach.page;
  const noor = await secondOwner(world, maya);
  await toRecovery(maya);
  const first = await makePaper(maya);
  await expect(maya.getByText(/As soon as there are two owners/)).toBeVisible();
  await toRecovery(noor.page);
  const second = await makePaper(noor.page);
  await maya.getByRole('link', { name: 'Settings' }).first().click();
  await toRecovery(maya);
  await setUp(maya);
  await expect(maya.getByText('Maya Okafor and Noor Haddad can do it, both together')).toBeVisible();
  await everyLook(maya, 'two-owners');

  // She says no, and is left alone.
  await anaAnswers(client.page);
  await client.page.getByRole('button', { name: 'No, thank you' }).click();
  await confirmed(client.page, client.page.getByText('Not agreed', { exact: true }));
  await expect(client.page.getByRole('button', { name: 'No, thank you' })).toBeHidden({ timeout: 20_000 });
  await toReturn(maya);
  await ask(maya, first);
  await confirmed(maya, maya.getByText(/did not agree|has not agreed/).first());

  // She changes her mind; one owner asks, and she stops it from the browser in which she is still in.
  await agree(client.page);
  await ask(maya, first);
  await confirmed(maya, maya.getByText('Now another owner needs to confirm: Noor Haddad'));
  await everyLook(maya, 'waits');
  await client.page.getByRole('link', { name: 'Settings' }).first().click();
  await client.page.getByRole('link', { name: 'My access' }).click();
  await expect(client.page.getByText('Maya Okafor is bringing your access back')).toBeVisible({ timeout: 20_000 });
  await everyLook(client.page, 'mine');
  await client.page.getByRole('button', { name: 'Stop this' }).focus();
  await client.page.keyboard.press('Enter');
  await confirmed(client.page, client.page.getByText('It is stopped.').first());
  await expect(client.page.getByRole('button', { name: 'Stop this' })).toBeHidden({ timeout: 20_000 });

  // The second time both owners do it; the paper of the first alone opens nothing.
  await goTo(maya, 'People');
  await toReturn(maya);
  await ask(maya, first);
  await confirmed(maya, maya.getByText('Now another owner needs to confirm: Noor Haddad'));
  await goTo(noor.page, 'Today');
  await expect(noor.page.getByText('Ana Abara: waits for you')).toBeVisible({ timeout: 20_000 });
  await goTo(noor.page, 'People');
  await expect(noor.page.getByText('Ana Abara: waits for you')).toBeVisible({ timeout: 20_000 });
  await everyLook(noor.page, 'people');
  await noor.page.getByRole('link', { name: /Ana Abara: waits for you/ }).click();
  await heading(noor.page, 'Bring back Ana’s access');
  await expect(noor.page.getByText('Lost phone and kit on the train')).toBeVisible();
  await everyLook(noor.page, 'confirm');
  const words = noor.page.getByLabel(/^The 24 words/);
  await words.fill(first.words.join(' '));
  await noor.page.getByRole('button', { name: 'Confirm', exact: true }).click();
  await confirmed(noor.page, noor.page.getByText('This is not the recovery paper for this'));
  await words.fill(second.line);
  await noor.page.getByRole('button', { name: 'Confirm', exact: true }).click();
  const link = await linkOn(noor.page);
  const anew = await world.device({ phone: true });
  await comeBack(anew.page, link);
  // Her old browser is out.
  await client.page.goto(`${world.practice.origin}/home`);
  await expect(client.page.getByRole('button', { name: /passkey/i }).first()).toBeVisible({ timeout: 20_000 });
  await expect(client.page.getByRole('heading', { level: 1, name: 'Hello Ana' })).toBeHidden();
  await unlockedStill(noor.page);
});

/** What one person's return ends is theirs: the owners stay in. */
async function unlockedStill(page: Page): Promise<void> {
  await page.reload();
  await unlock(page);
  await heading(page, 'Bring back Ana’s access');
}
