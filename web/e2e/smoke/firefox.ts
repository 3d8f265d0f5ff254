/** Debian's Firefox over WebDriver BiDi, which it speaks by itself. The practice's authority is trusted in a throw-away profile. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import WebSocket from 'ws';
import type { Page } from './page';

interface Reply {
  id?: number;
  type: 'success' | 'error' | 'event';
  result?: unknown;
  error?: string;
  message?: string;
  method?: string;
  params?: { level?: string; text?: string };
}

interface Evaluated {
  type: 'success' | 'exception';
  result?: { value?: string };
  exceptionDetails?: { text: string };
}

/** Opens a window of Firefox. `problems` collects console errors. */
export async function openFirefox(authority: string, problems: string[]): Promise<Page> {
  const profile = mkdtempSync(join(tmpdir(), 'alcove-firefox-'));
  const store = `sql:${profile}`;
  execFileSync('certutil', ['-N', '-d', store, '--empty-password']);
  execFileSync('certutil', ['-A', '-d', store, '-n', 'practice', '-t', 'C,,', '-i', authority]);
  const browser = spawn(
    'firefox-esr',
    ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0', 'about:blank'],
    { env: { ...process.env, HOME: profile }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const address = await new Promise<string>((found, failed) => {
    browser.on('error', failed);
    browser.on('exit', (code) => failed(new Error(`Firefox ended (${String(code)}) before it listened`)));
    browser.stderr.on('data', (text: Buffer) => {
      const match = /WebDriver BiDi listening on (ws:\S+)/.exec(String(text));
      if (match?.[1]) found(match[1]);
    });
  });
  const send = await connect(`${address}/session`, problems);
  await send('session.new', { capabilities: {} });
  await send('session.subscribe', { events: ['log.entryAdded'] });
  const { context } = (await send('browsingContext.create', { type: 'tab' })) as { context: string };
  return {
    goto: async (url) => void (await send('browsingContext.navigate', { context, url, wait: 'interactive' })),
    run: async <T>(body: string, arg?: unknown) => {
      const call = `(async () => JSON.stringify(await (async (arg) => { ${body} })(${JSON.stringify(arg ?? null)})) ?? 'null')()`;
      const done = (await send('script.evaluate', { expression: call, target: { context }, awaitPromise: true })) as Evaluated;
      if (done.type === 'exception') throw new Error(done.exceptionDetails?.text);
      return JSON.parse(done.result?.value ?? 'null') as T;
    },
    press: async (text) => {
      const actions = [...text].flatMap((value) => [
        { type: 'keyDown', value },
        { type: 'keyUp', value },
      ]);
      await send('input.performActions', { context, actions: [{ type: 'key', id: 'keys', actions }] });
    },
    close: async () => {
      await send('session.end', {}).catch(() => undefined);
      browser.removeAllListeners('exit');
      const ended = new Promise((done) => browser.once('exit', done));
      browser.kill('SIGTERM');
      await ended;
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

async function connect(url: string, problems: string[]): Promise<(method: string, params: object) => Promise<unknown>> {
  const socket = new WebSocket(url);
  await new Promise((open, failed) => socket.once('open', open).once('error', failed));
  const waiting = new Map<number, { done: (value: unknown) => void; failed: (error: Error) => void }>();
  let last = 0;
  socket.on('message', (data: Buffer) => {
    const reply = JSON.parse(String(data)) as Reply;
    if (reply.id === undefined) {
      if (reply.method === 'log.entryAdded' && reply.params?.level === 'error') problems.push(reply.params.text ?? '');
      return;
    }
    const one = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (reply.type === 'error') one?.failed(new Error(`${reply.error ?? ''}: ${reply.message ?? ''}`));
    else one?.done(reply.result);
  });
  return (method, params) =>
    new Promise((done, failed) => {
      waiting.set(++last, { done, failed });
      socket.send(JSON.stringify({ id: last, method, params }));
    });
}
