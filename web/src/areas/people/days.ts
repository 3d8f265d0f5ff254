/** A number of days as somebody types it; null when it is none, or outside what may be set. */
export function daysIn(text: string, from: number, to: number): number | null {
  const days = /^\s*\d{1,4}\s*$/.test(text) ? Number(text) : Number.NaN;
  return days >= from && days <= to ? days : null;
}
