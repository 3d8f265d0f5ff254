/** Neighbours on common keyboards, in the shape that zxcvbn reads: for each key those at its left, above, right and below, going round. */

const layouts = {
  qwerty: ['1234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'],
  qwertz: ['1234567890', 'qwertzuiop', 'asdfghjkl', 'yxcvbnm'],
  azerty: ['1234567890', 'azertyuiop', 'qsdfghjklm', 'wxcvbn'],
};

/** Each row stands a little right of the one above it. */
const around = [[-1, 0], [0, -1], [1, -1], [1, 0], [0, 1], [-1, 1]] as const;

export type Neighbours = Record<string, (string | null)[]>;

function neighbours(rows: readonly string[]): Neighbours {
  const found: Neighbours = {};
  const at = (x: number, y: number) => rows[y]?.[x];
  for (const [y, row] of rows.entries()) {
    for (const [x, sign] of [...row].entries()) {
      const beside = around.map(([right, down]) => both(at(x + right, y + down)));
      for (const form of new Set([sign, sign.toUpperCase()])) found[form] = beside;
    }
  }
  return found;
}

/** A key without and with Shift; digits have signs that differ between countries, so only letters have both. */
function both(sign: string | undefined): string | null {
  return sign === undefined ? null : sign + sign.toUpperCase();
}

export const keyboards: Record<string, Neighbours> = Object.fromEntries(Object.entries(layouts).map(([name, rows]) => [name, neighbours(rows)]));
