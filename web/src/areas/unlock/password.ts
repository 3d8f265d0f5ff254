/**
 * How strong a new password is, in words and with reasons. Judged on the device while it is typed; nothing is kept.
 * It only advises and refuses what anybody would try first; the key's real stretch is Argon2id with the account secret.
 */

/** Owners and practitioners; clients may use 12, because their device holds the second factor. */
export const passwordLengthMin = { practice: 15, client: 12 } as const;

/** One reason, named as in `unlock.ftl`. */
export type PasswordReason = 'short' | 'common' | 'about-you' | 'repeats' | 'run' | 'longer';

export type PasswordLevel = 'none' | 'refused' | 'fair' | 'good' | 'strong';

export interface PasswordVerdict {
  level: PasswordLevel;
  reasons: PasswordReason[];
}

const common = [
  'password', 'passwort', 'motdepasse', 'contrasena', 'letmein', 'welcome', 'qwerty', 'qwertz', 'azerty', 'iloveyou', 'admin', 'dragon',
  'monkey', 'football', 'baseball', 'sunshine', 'princess', 'superman', 'trustno', 'whatever', 'master', 'shadow', 'secret', 'changeme',
  'default', 'login', 'hello', 'computer', 'internet', 'coaching', 'coach', 'alcove', 'correcthorsebatterystaple',
];
const runs = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', 'qwertzuiop', 'azertyuiop'];

/** Judges a password. `about` are words that others connect with the person: name, practice, e-mail. */
export function judgePassword(password: string, lengthMin: number, about: readonly string[] = []): PasswordVerdict {
  if (password === '') return { level: 'none', reasons: [] };
  const length = [...password].length;
  const kernel = withoutGuessable(password, about);
  const reasons = [...kernel.reasons];
  if (length < lengthMin) return { level: 'refused', reasons: ['short', ...reasons] };
  // What is left when everything guessable is taken away must still be work for a guesser.
  const left = kernel.left;
  if (left < 8) return { level: 'refused', reasons: reasons.length > 0 ? reasons : ['longer'] };
  if (left < 14) return { level: 'fair', reasons: reasons.length > 0 ? reasons : ['longer'] };
  return { level: left < 20 ? 'good' : 'strong', reasons };
}

/** True when the password may be used. */
export function passwordIsUsable(verdict: PasswordVerdict): boolean {
  return verdict.level === 'fair' || verdict.level === 'good' || verdict.level === 'strong';
}

/** Characters that a guesser does not get for free; a taken-out piece still counts as one. */
function withoutGuessable(password: string, about: readonly string[]): { left: number; reasons: PasswordReason[] } {
  const reasons = new Set<PasswordReason>();
  let text = plain(password);
  const takeOut = (piece: string, reason: PasswordReason) => {
    if (piece.length < 4 || !text.includes(piece)) return;
    text = text.replaceAll(piece, '·');
    reasons.add(reason);
  };
  for (const piece of pieces(about)) takeOut(piece, 'about-you');
  for (const piece of common) takeOut(piece, 'common');
  for (const piece of runPieces()) takeOut(piece, 'run');
  const short = text.replace(/(.{1,6}?)\1+/g, '$1');
  if ([...text].length - [...short].length >= 4) reasons.add('repeats');
  return { left: [...short].length, reasons: [...reasons] };
}

/** Lower case, with the usual digit-for-letter swaps undone. */
function plain(text: string): string {
  const swaps: Record<string, string> = { '@': 'a', '4': 'a', '3': 'e', '0': 'o', '$': 's', '5': 's', '1': 'i', '!': 'i', '7': 't' };
  const lower = text.normalize('NFKC').toLowerCase();
  // Only inside words: "2026" stays a number.
  return lower.replace(/(?<=\p{L})[@43015$!7](?=\p{L})/gu, (sign) => swaps[sign] ?? sign);
}

function pieces(about: readonly string[]): string[] {
  return about.flatMap((text) => plain(text).split(/[^\p{L}\p{N}]+/u)).filter((piece) => piece.length >= 4);
}

/** Every run of the keyboard or the alphabet, longest first, both ways. */
function* runPieces(): Generator<string> {
  for (let length = 12; length >= 4; length -= 1) {
    for (const run of [...runs, ...runs.map(backwards)]) {
      for (let at = 0; at + length <= run.length; at += 1) yield run.slice(at, at + length);
    }
  }
}

function backwards(text: string): string {
  return [...text].reverse().join('');
}
