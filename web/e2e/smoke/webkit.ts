/**
 * WebKitGTK over its WebDriver, under a virtual display. It trusts what the system trusts, so it runs in a mount
 * namespace of its own where the system's list has the practice's authority in it; certificate errors are never ignored.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from './page';

const SYSTEM_LIST = '/etc/ssl/certs/ca-certificates.crt';
const LIBRARIES = '/usr/lib/x86_64-linux-gnu';

/** Opens a window of WebKitGTK's test browser. */
export async function openWebKit(authority: string): Promise<Page> {
  const folder = mkdtempSync(join(tmpdir(), 'alcove-webkit-'));
  const list = join(folder, 'trusted.crt');
  writeFileSync(list, readFileSync(SYSTEM_LIST, 'utf8') + readFileSync(authority, 'utf8'));
  const port = await freePort();
  const run = `mount --bind "$0" ${SYSTEM_LIST} && exec xvfb-run -a WebKitWebDriver --host=127.0.0.1 --port=${String(port)}`;
  const driver = spawn('unshare', ['--mount', 'bash', '-c', run, list], {
    detached: true,
    stdio: 'ignore',
    env: { ...process.env, HOME: folder, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' },
  });
  const call = caller(`http://127.0.0.1:${String(port)}`);
  await untilAnswers(call);
  const options = { binary: testBrowser(), args: ['--automation'] };
  const capabilities = { alwaysMatch: { browserName: 'MiniBrowser', 'webkitgtk:browserOptions': options } };
  const { sessionId } = (await call('POST', '/session', { capabilities })) as { sessionId: string };
  const at = `/session/${sessionId}`;
  return {
    goto: async (url) => void (await call('POST', `${at}/url`, { url })),
    run: async <T>(body: string, arg?: unknown) => {
      const script = `const [arg, done] = arguments; (async () => { ${body} })().then((value) => done({ value }), (error) => done({ error: String(error) }));`;
      const answer = (await call('POST', `${at}/execute/async`, { script, args: [arg ?? null] })) as { value: T; error?: string };
      if (answer.error) throw new Error(answer.error);
      return answer.value;
    },
    press: async (text) => {
      const active = Object.values((await call('GET', `${at}/element/active`)) as Record<string, string>)[0] ?? '';
      await call('POST', `${at}/element/${active}/value`, { text });
    },
    close: async () => {
      await call('DELETE', at).catch(() => undefined);
      if (driver.pid) process.kill(-driver.pid, 'SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Call = (method: string, path: string, body?: object) => Promise<unknown>;

function caller(base: string): Call {
  return async (method, path, body) => {
    const init = body ? { method, body: JSON.stringify(body) } : { method };
    const answer = (await (await fetch(base + path, init)).json()) as { value: { error?: string; message?: string } | null };
    if (answer.value?.error) throw new Error(`${answer.value.error}: ${answer.value.message ?? ''}`);
    return answer.value;
  };
}

async function untilAnswers(call: Call): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await call('GET', '/status');
      return;
    } catch (error) {
      if (tries > 100) throw new Error("WebKitGTK's driver does not start; is webkit2gtk-driver installed?", { cause: error });
      await new Promise((done) => setTimeout(done, 100));
    }
  }
}

/** The test browser that comes with the library, in a folder named after the library's version. */
function testBrowser(): string {
  const folder = readdirSync(LIBRARIES).filter((name) => name.startsWith('webkit2gtk-4')).sort().at(-1);
  if (!folder) throw new Error('WebKitGTK is not installed');
  return join(LIBRARIES, folder, 'MiniBrowser');
}

function freePort(): Promise<number> {
  return new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => found(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
