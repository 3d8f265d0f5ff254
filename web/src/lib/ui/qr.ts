/**
 * A QR code as one SVG path. It must not put the text itself into the page: only its modules are drawn.
 */
import { encode } from 'uqr';

/** Modules of white around the code that scanners need. */
const quiet = 4;

/** The path of the dark modules, and the length of the square's side in modules. */
export function qrPath(text: string, correction: 'L' | 'M' | 'Q' | 'H' = 'M'): { path: string; side: number } {
  const { data, size } = encode(text, { ecc: correction, border: quiet });
  const runs = data.flatMap((row, y) => darkRuns(row).map(([x, length]) => `M${x} ${y}h${length}v1h-${length}z`));
  return { path: runs.join(''), side: size };
}

function darkRuns(row: readonly boolean[]): [start: number, length: number][] {
  const runs: [number, number][] = [];
  for (const [x, dark] of row.entries()) {
    const last = runs[runs.length - 1];
    if (!dark) continue;
    if (last && last[0] + last[1] === x) last[1] += 1;
    else runs.push([x, 1]);
  }
  return runs;
}
