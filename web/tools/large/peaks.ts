/** How much memory the programs of one run took at most, as the kernel counted it. Linux only. */
import { readdirSync, readFileSync } from 'node:fs';

function read(pid: string, what: string): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

const EACH_MS = 250;

/** The largest figure of that name, in bytes, among processes whose command line contains this. */
function largest(inCommand: string, figure: 'VmHWM' | 'RssAnon'): number {
  const figures = readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && read(pid, 'cmdline').includes(inCommand))
    .map((pid) => Number(new RegExp(`${figure}:\\s+(\\d+) kB`).exec(read(pid, 'status'))?.[1] ?? 0));
  return Math.max(0, ...figures) * 1024;
}

/** The most bytes that such a process ever took, pages of files included. Other browsers of the machine count, too: run it alone. */
export const peakOf = (inCommand: string): number => largest(inCommand, 'VmHWM');

/** What the largest of such processes holds of its own, looked at four times a second and kept as the most of each part of the way. */
export class Held {
  readonly #inCommand: string;
  readonly #timer = setInterval(() => this.#look(), EACH_MS);
  #most = 0;
  /** The most of the whole way, in bytes. */
  overall = 0;

  constructor(inCommand: string) {
    this.#inCommand = inCommand;
  }

  #look(): void {
    this.#most = Math.max(this.#most, largest(this.#inCommand, 'RssAnon'));
    this.overall = Math.max(this.overall, this.#most);
  }

  /** The most since the last call, in bytes; begins anew. */
  since(): number {
    this.#look();
    const most = this.#most;
    this.#most = 0;
    return most;
  }

  end(): void {
    clearInterval(this.#timer);
  }
}
