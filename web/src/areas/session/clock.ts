/** The clock of a session: how long it runs, in words and figures. Pure. */

/** The usual length, and the longest for which the lock is held open. */
export const length_min = 60;
export const lengthMax_min = 180;

/** "32:10". */
export function elapsed(from_ms: number, now_ms: number): string {
  const seconds = Math.max(0, Math.floor((now_ms - from_ms) / 1000));
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
}

/** Whole minutes that are left; negative once it is over. */
export function left_min(from_ms: number, now_ms: number): number {
  return Math.ceil((from_ms + length_min * 60_000 - now_ms) / 60_000);
}
