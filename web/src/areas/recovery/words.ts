/** Practice recovery in words. Pure. */
import type { CaseView, PlanView } from '$lib/engine/types';
import { t } from '$lib/i18n';

/** Who could help: one alone, or two of several together. */
export function holdersIn({ holders }: PlanView): string {
  const names = new Intl.ListFormat('en', { type: 'conjunction' }).format(holders);
  if (holders.length === 1) return t('recovery-holder-one', { name: names });
  return holders.length === 2 ? t('recovery-holder-both', { names }) : t('recovery-holder-several', { names });
}

/** Something may still come of it. */
export const isOpen = ({ state }: CaseView) => state === 'asked' || state === 'opened';

/** The reason as the practice takes it. */
export const reasonMin = 3;
export const reasonMax = 500;
