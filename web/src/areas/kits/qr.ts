/** QR codes as one SVG path. It must not keep what it drew: the text is a secret. */
import { encode } from 'uqr';

/** A drawing of `size` × `size` modules, quiet zone included. */
export interface Drawing {
  size: number;
  path: string;
}

/** The code for a text, with medium error correction so that a creased page still scans. */
export function qrDrawing(text: string): Drawing {
  const code = encode(text, { ecc: 'M', border: 2 });
  return { size: code.size, path: pathOf(code.data) };
}

/** One rectangle per run of dark modules in a row: a few hundred steps instead of thousands. */
export function pathOf(rows: readonly (readonly boolean[])[]): string {
  return rows.flatMap((row, y) => runs(row).map(([x, width]) => `M${x} ${y}h${width}v1h-${width}z`)).join('');
}

function runs(row: readonly boolean[]): [start: number, length: number][] {
  const found: [number, number][] = [];
  for (const [x, dark] of row.entries()) {
    const last = found[found.length - 1];
    if (!dark) continue;
    if (last && last[0] + last[1] === x) last[1] += 1;
    else found.push([x, 1]);
  }
  return found;
}

/** What stands on the screen instead of a code: the three corners and a pattern that says nothing. */
export function veiledDrawing(): { size: number; corners: string; noise: string } {
  const size = 29;
  const rows = Array.from({ length: size }, (_, y) => Array.from({ length: size }, (_, x) => !inCorner(x, y, size) && speckled(x, y)));
  const corner = (x: number, y: number) => `M${x} ${y}h7v7h-7zM${x + 1} ${y + 1}v5h5v-5zM${x + 2} ${y + 2}h3v3h-3z`;
  return { size, corners: [corner(0, 0), corner(size - 7, 0), corner(0, size - 7)].join(''), noise: pathOf(rows) };
}

function inCorner(x: number, y: number, size: number): boolean {
  const near = (at: number) => at < 8;
  const far = (at: number) => at >= size - 8;
  return (near(x) && near(y)) || (far(x) && near(y)) || (near(x) && far(y));
}

/** Fixed and evenly mixed; chosen by eye. */
function speckled(x: number, y: number): boolean {
  return ((x * 73 + y * 151 + ((x * y) % 11) * 37) >> 2) % 2 === 0;
}
