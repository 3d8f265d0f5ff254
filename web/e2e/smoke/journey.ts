/**
 * The smoke journey in a browser that Playwright does not drive: a client joins by password, reads what the coach
 * wrote, writes back, locks and unlocks. The coach is the engine itself, under Node.
 *
 *   npm run smoke:firefox      npm run smoke:webkit
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { startHeadless } from '../../src/lib/engine/node/start';
import { totp } from '../../tools/totp';
import { RunningPractice } from '../support/server';
import { openFirefox } from './firefox';
import { click, fill, seeText, waitFor, type Page } from './page';
import { openWebKit } from './webkit';

const STARTED = 'ALCOVE_SMOKE_ORIGIN';
const ZONE = 'Europe/Berlin';
const PASSWORD = 'seven quiet herons wade';
type Coach = Awaited<ReturnType<typeof startHeadless>>;

async function coachOf(origin: string, code: string): Promise<Coach> {
  const coach = await startHeadless({ origin, deviceLabel: 'Smoke' });
  await coach.claim(code);
  const unlock = { kind: 'password', password: 'the tin boat hums at noon' } as const;
  const kits = await coach.found({ practice: 'Juniper Coaching', zone: ZONE, name: 'Maya Okafor', email: null, ownerZone: ZONE, unlock });
  await coach.proveKit('personal', { text: kits.personal.line });
  await coach.proveKit('restore', { text: kits.restore.line });
  const { secret } = await coach.beginTotp();
  await coach.confirmTotp(totp(secret, -1));
  return coach;
}

async function invited(coach: Coach): Promise<{ link: string; shared: string }> {
  const { client } = await coach.addClient({ name: 'Ana Abara' });
  const shared = coach.core.clients.find((found) => found.client === client)?.shared;
  if (!shared) throw new Error('the client has no shared space');
  const { link } = await coach.invite(client, { message: 'Good to meet you, Ana.' });
  return { link, shared };
}

async function joins(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await seeText(page, 'Good to meet you, Ana.');
  await click(page, 'Join Maya');
  await fill(page, 'Your password', PASSWORD);
  await click(page, 'Use this password');
  await seeText(page, 'Save your kit');
  await click(page, 'Save my kit');
  await waitFor(page, 'the welcome page', `if (location.pathname === '/welcome') return true;
    const on = [...document.querySelectorAll('button')].find((one) => one.innerText.includes('go on')); on?.click(); return false;`);
  await click(page, 'Open my space');
  await seeText(page, 'Hello Ana');
}

async function reads(page: Page, coach: Coach, shared: string): Promise<void> {
  await coach.sync();
  await coach.addAction(shared, { title: 'Call Sam about Thursday', due_on: null });
  await coach.sendMessage(shared, 'How was the first day?');
  await coach.settle();
  await seeText(page, 'Call Sam about Thursday');
  await click(page, 'Messages');
  await seeText(page, 'How was the first day?');
}

async function writes(page: Page, coach: Coach, shared: string): Promise<void> {
  await fill(page, 'Message to Maya', 'Better than I feared');
  await click(page, 'Send');
  await seeText(page, 'Better than I feared');
  for (let tries = 0; ; tries++) {
    await coach.sync();
    const messages = coach.core.spaces.get(shared)?.view(coach.core).messages ?? [];
    if (messages.some((one) => one.text === 'Better than I feared')) return;
    if (tries > 60) throw new Error('the coach never received the message');
    await new Promise((done) => setTimeout(done, 250));
  }
}

async function locksAndUnlocks(page: Page, origin: string): Promise<void> {
  await page.goto(`${origin}/messages`);
  await seeText(page, 'Locked');
  const shown = await page.run<string>('return document.body.innerText');
  if (shown.includes('Better than I feared')) throw new Error('a locked page shows a message');
  await fill(page, 'Your password', PASSWORD);
  await click(page, 'Unlock');
  await seeText(page, 'Better than I feared');
}

async function journey(browser: string, origin: string, code: string, authority: string): Promise<void> {
  const problems: string[] = [];
  const coach = await coachOf(origin, code);
  const page = browser === 'firefox' ? await openFirefox(authority, problems) : await openWebKit(authority);
  try {
    const { link, shared } = await invited(coach);
    await joins(page, link);
    await reads(page, coach, shared);
    await writes(page, coach, shared);
    await locksAndUnlocks(page, origin);
    if (problems.length > 0) throw new Error(`console errors:\n${problems.join('\n')}`);
  } finally {
    await page.close();
    coach.close();
  }
}

/** Node reads extra authorities only when it starts, so the journey runs in a second process. */
async function main(): Promise<number> {
  const browser = process.argv[2] ?? '';
  if (browser !== 'firefox' && browser !== 'webkit') throw new Error('say which browser: firefox or webkit');
  const inside = process.env[STARTED];
  if (inside) {
    await journey(browser, inside, process.env['ALCOVE_SMOKE_CODE'] ?? '', process.env['NODE_EXTRA_CA_CERTS'] ?? '');
    process.stdout.write(`${browser}: joined, read, wrote, locked and unlocked\n`);
    return 0;
  }
  const practice = await RunningPractice.start();
  try {
    const code = await practice.newClaimCode();
    const authority = join(practice.folder, 'data', 'tls', 'authority.pem');
    const env = { ...process.env, [STARTED]: practice.origin, ALCOVE_SMOKE_CODE: code, NODE_EXTRA_CA_CERTS: authority };
    const args = [...process.execArgv, fileURLToPath(import.meta.url), browser];
    return await runs(args, env);
  } finally {
    await practice.end();
  }
}

function runs(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(process.execPath, args, { stdio: 'inherit', env });
  return new Promise((done) => child.once('exit', (code) => done(code ?? 1)));
}

process.exit(await main());
