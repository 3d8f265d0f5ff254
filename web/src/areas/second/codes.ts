/** Codes as people type them, and recovery codes as a file. */

/** Digits of an authenticator app's code. */
export const codeDigits = 6;

/** The digits alone: apps show "123 456", and some keyboards give other digits. */
export function digitsOf(typed: string): string {
  return typed.normalize('NFKC').replace(/\D/g, '');
}

/** The secret in groups of four, to be typed. */
export function inGroups(secret: string): string {
  return secret.replace(/(.{4})(?=.)/g, '$1 ');
}

/** The file that keeps recovery codes. */
export function recoveryFile(codes: readonly string[], about: string): string {
  return [about, '', ...codes, ''].join('\n');
}
