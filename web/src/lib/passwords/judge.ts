/**
 * The thorough look at a new password: the list of what is tried first, and an estimate of how many guesses it takes. It keeps nothing, and it only
 * ever refuses what others would guess; the key's real stretch is Argon2id together with the account secret.
 */
import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { FuseFilter } from './filter';
import { formsOf } from './forms';
import { keyboards } from './keyboards';
import { formReasons, type PasswordLevel, type PasswordReason, type PasswordRules, type PasswordVerdict } from './rules';
import words from './words.txt?raw';

/** What is longer takes the estimator long, and says no more. */
const ESTIMATED_CHARS = 64;
const PIECE_CHARS_MIN = 3;

/** Guesses, as powers of ten. */
const FAIR = 9;
const GOOD = 11;
const STRONG = 14;

export class PasswordJudge {
  readonly #filter: FuseFilter;
  readonly #estimator = new ZxcvbnFactory({ graphs: keyboards, dictionary: { common: words.trim().split('\n') }, maxLength: ESTIMATED_CHARS });

  /** @param blocklist the file `blocklist.bin` */
  constructor(blocklist: ArrayBuffer) {
    this.#filter = new FuseFilter(blocklist);
  }

  judge(password: string, rules: PasswordRules): PasswordVerdict {
    if (password === '') return { level: 'none', reasons: [] };
    const form = formReasons(password, rules);
    const isListed = [...formsOf(password)].some((text) => this.#filter.has(text));
    const { guesses, seen } = this.#estimate(password, rules.about);
    const weak: PasswordReason[] = isListed ? ['listed'] : guesses >= GOOD ? [] : seen.length > 0 ? seen : ['longer'];
    const isRefused = form.length > 0 || isListed || guesses < FAIR;
    return { level: isRefused ? 'refused' : levelOf(guesses), reasons: [...form, ...(form.includes('long') ? [] : weak)] };
  }

  #estimate(password: string, about: readonly string[]): { guesses: number; seen: PasswordReason[] } {
    const text = [...password.normalize('NFKC')].slice(0, ESTIMATED_CHARS).join('');
    const left = withoutNames(text, about);
    const { guessesLog10, sequence } = this.#estimator.check(left);
    const seen = sequence.map(({ pattern }) => reasonOf(pattern)).filter((reason) => reason !== null);
    return { guesses: guessesLog10, seen: [...new Set(left === text ? seen : ['about-you' as const, ...seen])] };
  }
}

function levelOf(guesses: number): PasswordLevel {
  return guesses < GOOD ? 'fair' : guesses < STRONG ? 'good' : 'strong';
}

/** What others know of the person is no work for them: each name counts as one character. */
function withoutNames(text: string, about: readonly string[]): string {
  const names = piecesOf(about).sort((a, b) => b.length - a.length);
  if (names.length === 0) return text;
  return text.replace(new RegExp(names.join('|'), 'giu'), '\u00b7');
}

function reasonOf(pattern: string): PasswordReason | null {
  switch (pattern) {
    case 'dictionary':
    case 'wordSequence':
      return 'common';
    case 'repeat':
      return 'repeats';
    case 'spatial':
    case 'sequence':
      return 'run';
    case 'date':
    case 'regex':
      return 'date';
    default:
      return null;
  }
}

/** Names as a whole and in pieces: "Maya Okafor" is also Maya, Okafor and MayaOkafor. */
function piecesOf(about: readonly string[]): string[] {
  const all = about.flatMap((text) => {
    const pieces = text.normalize('NFKC').toLowerCase().split(/[^\p{L}\p{N}]+/u);
    return [...pieces, pieces.join('')];
  });
  return [...new Set(all.filter((piece) => piece.length >= PIECE_CHARS_MIN))];
}
