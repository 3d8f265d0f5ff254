/** Parsing of JSON that others wrote: shapes are checked field by field, unknown fields are ignored. */
import { utf8Text } from './bytes';
import { Malformed } from './errors/files';

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws {@link Malformed} unless the bytes are one JSON object. */
export function parseFields(bytes: Uint8Array, what: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(utf8Text(bytes, what));
  } catch {
    throw new Malformed(what);
  }
  if (!isFields(value)) throw new Malformed(what);
  return value;
}

/** @throws {@link Malformed} unless the field is text. */
export function textField(fields: Fields, name: string, what: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw new Malformed(what);
  return value;
}

/** A whole number of at least `least`. @throws {@link Malformed} */
export function countField(fields: Fields, name: string, what: string, least = 0): number {
  const value = fields[name];
  if (!isCount(value, least)) throw new Malformed(what);
  return value;
}

export function isCount(value: unknown, least = 0): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= least;
}

/** Only version 1 exists; another is from a newer program. @throws {@link Malformed} */
export function requireVersion1(fields: Fields, what: string): void {
  if (fields.v !== 1) throw new Malformed(what);
}
