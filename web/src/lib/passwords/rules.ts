/**
 * What the practice asks of a password, and the first look at it, which needs nothing loaded. Judged on the device alone: the server never sees one.
 */

/** Owners and colleagues without a second step; 12 with one, and for clients, whose device holds the other half of the key. */
export const passwordLengthMin = { alone: 15, withSecondStep: 12 } as const;
/** More is not stronger, and a paste by mistake is caught. */
export const passwordLengthMax = 256;

/** One reason, named as in `unlock.ftl`. */
export type PasswordReason =
  | 'short' | 'long' | 'listed' | 'about-you' | 'common' | 'repeats' | 'run' | 'date' | 'longer'
  | 'no-upper' | 'no-lower' | 'no-digit' | 'no-symbol';

/** `strict` also asks for kinds of characters; the practice's policy says which holds. */
export type PasswordProfile = 'nist' | 'strict';

export interface PasswordRules {
  readonly lengthMin: number;
  readonly profile: PasswordProfile;
  /** Words that others connect with the person: name, practice, e-mail. */
  readonly about: readonly string[];
}

export type PasswordLevel = 'none' | 'refused' | 'fair' | 'good' | 'strong';

export interface PasswordVerdict {
  readonly level: PasswordLevel;
  readonly reasons: readonly PasswordReason[];
}

/** True when the password may be used. */
export function passwordIsUsable({ level }: PasswordVerdict): boolean {
  return level === 'fair' || level === 'good' || level === 'strong';
}

/** Characters as a person counts them, in the form in which the password is stretched. */
export function lengthOf(password: string): number {
  return [...password.normalize('NFKC')].length;
}

const kinds = [
  ['no-upper', /\p{Lu}/u],
  ['no-lower', /\p{Ll}/u],
  ['no-digit', /\p{Nd}/u],
  ['no-symbol', /[^\p{L}\p{N}]/u],
] as const;

/** What the rules of form say; [] when they are kept. */
export function formReasons(password: string, { lengthMin, profile }: PasswordRules): PasswordReason[] {
  const length = lengthOf(password);
  const reasons: PasswordReason[] = length < lengthMin ? ['short'] : length > passwordLengthMax ? ['long'] : [];
  if (profile === 'strict') for (const [reason, kind] of kinds) if (!kind.test(password)) reasons.push(reason);
  return reasons;
}
