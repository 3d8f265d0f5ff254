/** What every tool does at its start and its end: trusting a practice's own authority, finding paths, ending in words. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

/** Set in the second start. */
const STARTED = 'ALCOVE_TOOL_STARTED';

/** A path as the caller meant it: npm changes the directory. */
export function pathOf(given: string): string {
  return resolve(process.env['INIT_CWD'] ?? '.', given);
}

/** Node reads extra authorities only when it starts, so with one this program starts once more. */
export function trust(ca: string | undefined): void {
  if (ca === undefined || process.env[STARTED]) return;
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: pathOf(ca), [STARTED]: '1' };
  const { status } = spawnSync(process.execPath, [...process.execArgv, ...process.argv.slice(1)], { stdio: 'inherit', env });
  process.exit(status ?? 1);
}

/** The name of a failure, as screens and tests know it. */
export function codeOf(error: unknown): string {
  const { name, code } = error as Error & { code?: string };
  return code ?? name;
}

/** Runs a tool, and ends the process with what came of it. */
export async function main(tool: () => Promise<void>): Promise<never> {
  try {
    await tool();
    process.exit(0);
  } catch (error) {
    const { message, next, stack } = error as Error & { next?: string };
    process.stderr.write(`${codeOf(error)}: ${message} ${next ?? ''}\n${process.env['TOOL_TRACE'] ? stack : ''}\n`);
    process.exit(1);
  }
}
