/** The picture that stands for a QR code on the screen: no code at all, so nothing can be scanned or guessed from it. */

/** What stands on the screen instead of a code: the three corners and a pattern that says nothing. */
export function veiledDrawing(): { size: number; corners: string; noise: string } {
  const size = 29;
  const rows = Array.from({ length: size }, (_, y) => Array.from({ length: size }, (_, x) => !inCorner(x, y, size) && speckled(x, y)));
  const corner = (x: number, y: number) => `M${x} ${y}h7v7h-7zM${x + 1} ${y + 1}v5h5v-5zM${x + 2} ${y + 2}h3v3h-3z`;
  return { size, corners: [corner(0, 0), corner(size - 7, 0), corner(0, size - 7)].join(''), noise: cells(rows) };
}

function cells(rows: readonly (readonly boolean[])[]): string {
  return rows.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
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
