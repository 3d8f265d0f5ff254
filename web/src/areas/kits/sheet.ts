/**
 * Small text work around kits. Sheets come from the engine and live only in memory: nothing here may store, log or
 * send one.
 */
import type { KitSheet } from '$lib/engine/types';

/** The two papers of set-up; each opens something else. */
export type KitKind = Exclude<KitSheet['kind'], 'recovery'>;

/** The order on paper and on the screen. */
export const kitKinds: readonly KitKind[] = ['restore', 'personal'];

/** A long text in groups of four, so that eyes keep their place. */
export function grouped(text: string): string {
  return text.replace(/(.{4})(?=.)/g, '$1 ');
}

/** What was typed, as kit words are compared: no capitals, no spaces around, no number before it. */
export function asWord(typed: string): string {
  return typed.normalize('NFKC').trim().toLowerCase().replace(/^\d+[.)]?\s*/, '');
}
