/**
 * Starts the real binary on a free loopback port, with a data directory and key of its own, and a browser that trusts
 * its certificate authority through a throw-away NSS store. Certificate errors are never ignored.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const built = fileURLToPath(new URL('../../../target/x86_64-unknown-linux-gnu/debug/alcove', import.meta.url));
const binary = process.env['ALCOVE_BIN'] ?? built;
/** A debug build on a busy machine takes a while to make its first keys. */
const startMax_ms = 30_000;

/** What a server says that is ready; a sealed one has no code yet. */
interface StartMessage {
  origin: string;
  claim_url?: string | null;
}

/** A practice that runs, and everything needed to reach it. */
export class RunningPractice {
  #process: ChildProcess | null = null;
  #message: StartMessage | null = null;

  private constructor(
    readonly folder: string,
    readonly port: number,
  ) {}

  /** Starts an empty practice. With a passphrase it starts sealed from then on; it is open when this returns. */
  static async start(passphrase: string | null = null): Promise<RunningPractice> {
    const practice = new RunningPractice(await mkdtemp(join(tmpdir(), 'alcove-e2e-')), await freePort());
    await practice.up();
    await practice.#trust();
    if (passphrase !== null) await practice.#moveTo(passphrase);
    return practice;
  }

  get origin(): string {
    return `https://localhost:${this.port}`;
  }

  /** The address with the first claim code. */
  get claimAddress(): string {
    if (!this.#message?.claim_url) throw new Error('the practice waits for no claim');
    return this.#message.claim_url;
  }

  /** `HOME` for the browser: its NSS store knows this practice's authority, and nothing else. */
  get home(): string {
    return join(this.folder, 'home');
  }

  /** Starts the server again, after `down`, on the same port and data. */
  async up(): Promise<void> {
    const listen = ['--listen', `127.0.0.1:${this.port}`, '--origin', this.origin];
    const child = spawn(binary, ['--json', ...this.#places(), 'serve', ...listen], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = child;
    this.#message = await startMessage(child);
  }

  /** Stops the server; its data stays. */
  async down(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (!child || child.exitCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  }

  /** `alcove claim`: a new code. */
  async newClaimCode(): Promise<string> {
    const { stdout } = await run(binary, ['--json', ...this.#places(), 'claim']);
    return (JSON.parse(stdout) as { code: string }).code;
  }

  /** `alcove seal lock`: the running server gives up its keys. */
  async seal(): Promise<void> {
    await run(binary, ['--json', ...this.#places(), 'seal', 'lock']);
  }

  /** `alcove backup now`: the file that was made. */
  async backUp(): Promise<string> {
    const to = join(this.folder, 'backups');
    await mkdir(to, { recursive: true });
    await run(binary, ['--json', ...this.#places(), 'backup', 'now', '--to', to]);
    const made = (await readdir(to)).sort().at(-1);
    if (!made) throw new Error('no backup was made');
    return join(to, made);
  }

  /** Loses the machine and brings the practice back from a backup and its restore kit. Its certificates come back with it. */
  async restore(backup: string, kit: string): Promise<void> {
    await this.down();
    const lost = join(this.folder, 'lost');
    await rename(join(this.folder, 'data'), lost);
    const paper = join(this.folder, 'restore-kit.txt');
    await writeFile(paper, kit, { mode: 0o600 });
    await run(binary, ['--json', ...this.#places(), 'restore', '--from', backup, '--kit', paper]);
    await this.up();
  }

  /** Stops it and removes everything. */
  async end(): Promise<void> {
    await this.down();
    await rm(this.folder, { recursive: true, force: true });
  }

  #places(): string[] {
    return ['--data-dir', join(this.folder, 'data'), '--key-file', join(this.folder, 'data.key')];
  }

  /** A passphrase instead of the key file. Seals it once, so that the unseal page's certificate is there to be trusted. */
  async #moveTo(passphrase: string): Promise<void> {
    const paper = join(this.folder, 'passphrase');
    await writeFile(paper, passphrase, { mode: 0o600 });
    await run(binary, ['--json', ...this.#places(), 'seal', 'migrate', '--to', 'passphrase', '--new-passphrase-file', paper]);
    await rm(join(this.folder, 'data.key'));
    await this.seal();
    await this.#accept('sealed.pem', 'P,,');
    await run(binary, ['--json', ...this.#places(), '--passphrase-file', paper, 'seal', 'unseal']);
  }

  async #trust(): Promise<void> {
    const store = join(this.home, '.pki', 'nssdb');
    await mkdir(store, { recursive: true });
    await run('certutil', ['-N', '--empty-password', '-d', `sql:${store}`]);
    await this.#accept('authority.pem', 'C,,');
  }

  async #accept(certificate: string, trust: string): Promise<void> {
    const file = join(this.folder, 'data', 'tls', certificate);
    await run('certutil', ['-A', '-n', `alcove-e2e-${certificate}`, '-t', trust, '-i', file, '-d', `sql:${join(this.home, '.pki', 'nssdb')}`]);
  }
}

/** The first line that `serve --json` prints. */
async function startMessage(child: ChildProcess): Promise<StartMessage> {
  const said: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`alcove ended with ${code}: ${said.join('')}`)));
  ended.catch(() => undefined);
  const line = await Promise.race([once(lines, 'line', { signal: AbortSignal.timeout(startMax_ms) }), ended]);
  return JSON.parse((line as [string])[0]) as StartMessage;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
