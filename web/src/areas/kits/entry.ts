/** Counting and recognising what somebody types as a kit. Whether it fits, only the engine knows. */

/** A kit file has some hundred bytes. */
export const sizeMax_bytes = 16 * 1024;

/** How many words were typed so far; 0 while it is a key line. Numbers and punctuation do not count. */
export function wordsTyped(text: string): number {
  if (/age-secret/i.test(text)) return 0;
  return text.match(/\p{L}+/gu)?.length ?? 0;
}

/** True for a file that can be a kit: it has a key line, or enough words. */
export function kitTextLooksRight(text: string): boolean {
  return /^\s*age-secret-key-/im.test(text) || wordsTyped(text) === 24;
}
