/** How long until the lock. Pure. */

/** The warning stands for this long before the lock. */
export const warnFrom_s = 60;

/** Whole seconds until the lock, never below 0; null while nothing will lock. */
export function secondsLeft(idle: { locksAt: number | null; heldUntil: number | null }, now: number): number | null {
  if (idle.locksAt === null) return null;
  const locksAt = Math.max(idle.locksAt, idle.heldUntil ?? 0);
  return Math.max(0, Math.ceil((locksAt - now) / 1000));
}
