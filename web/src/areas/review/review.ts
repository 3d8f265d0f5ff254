/** Reviews in words, and what a key means on a line. Pure. */
import type { Choice, MeView, ReviewLineView, ReviewView } from '$lib/engine/types';
import { hasText, t } from '$lib/i18n';

export const choices: readonly Choice[] = ['keep', 'change', 'suspend'];

/** Whether somebody may review who has access. */
export function mayReview(me: MeView | null): boolean {
  const rights = (me as (MeView & { rights?: readonly string[] }) | null)?.rights;
  return rights && rights.length > 0 ? rights.includes('review-access') : me?.role === 'owner';
}

export function roleWords({ role, roleName }: ReviewLineView): string {
  if (roleName) return roleName;
  return hasText(`review-role-${role}`) ? t(`review-role-${role}`) : t('review-role-own');
}

/** What goes beyond what everybody may do. */
export function rightsWords({ rights }: ReviewLineView): string {
  const beyond = rights.filter((right) => hasText(`review-right-${right}`)).map((right) => t(`review-right-${right}`));
  return beyond.length > 0 ? beyond.join(', ') : t('review-right-none');
}

export function waysWords({ passkeys, password }: ReviewLineView): string {
  const ways = [passkeys > 0 ? t('review-passkeys', { count: passkeys }) : null, password ? t('review-password') : null];
  return ways.filter((way) => way !== null).join(', ') || t('review-ways-none');
}

/** People who still need a decision: those who may come in. */
export function undecided({ lines }: ReviewView): number {
  return lines.filter(({ decision, state }) => decision === null && state === 'active').length;
}

/** Whether this person decides on the line: on their own only where nobody else could. */
export function mayDecide({ lines }: ReviewView, line: ReviewLineView, me: string): boolean {
  return line.person !== me || !lines.some(({ person, state, rights }) => person !== me && state === 'active' && rights.includes('review-access'));
}

/** Decisions that somebody has to carry out: a role to change, or somebody who is to be suspended and is not. */
export function toDo({ lines }: ReviewView): ReviewLineView[] {
  return lines.filter(({ decision, state }) => decision?.choice === 'change' || (decision?.choice === 'suspend' && state === 'active'));
}

/** What a key decides, or which way it goes. */
export function meaningOf(key: string): Choice | 'next' | 'previous' | null {
  const meanings: Record<string, Choice | 'next' | 'previous'> = { k: 'keep', c: 'change', s: 'suspend', ArrowDown: 'next', ArrowUp: 'previous' };
  return meanings[key.length === 1 ? key.toLowerCase() : key] ?? null;
}
