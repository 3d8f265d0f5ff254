/** How much memory the programs of one run took at most, as the kernel counted it. Linux only. */
import { readdirSync, readFileSync } from 'node:fs';

function read(pid: string, what: string): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** The largest VmHWM in kB among processes whose command line contains this. Other browsers of the machine count, too: run it alone. */
export function peakOf(inCommand: string): number {
  const peaks = readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && read(pid, 'cmdline').includes(inCommand))
    .map((pid) => Number(/VmHWM:\s+(\d+)/.exec(read(pid, 'status'))?.[1] ?? 0));
  return Math.max(0, ...peaks);
}
