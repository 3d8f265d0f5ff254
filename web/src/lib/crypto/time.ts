/** Times in signed texts: RFC 3339, UTC, milliseconds. Nothing here is trusted for order; the chains give order. */

const SHAPE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** The text form of an instant; the device's clock unless a test or a caller names one. */
export function timeText(at: Date = new Date()): string {
  return at.toISOString();
}

export function isTime(text: unknown): text is string {
  return typeof text === 'string' && SHAPE.test(text) && !Number.isNaN(Date.parse(text));
}
