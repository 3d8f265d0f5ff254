/** How long a link still stands. Pure. By this device's own clock from when it was made, since clocks differ. */

/** A link that nobody used is good for this long. */
export const life_s = 10 * 60;

/** Whole seconds that are left, never below 0. */
export function secondsLeft(madeAt: number, now: number): number {
  return Math.min(life_s, Math.max(0, Math.ceil((madeAt - now) / 1000 + life_s)));
}

/** As a clock shows it: `9:05`. */
export function clockOf(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
