/** What must be true of the owner's name and e-mail. Returns sentences, or null where all is well. */
import { t } from '$lib/i18n';

export interface FieldErrors {
  name: string | null;
  email: string | null;
}

/** Checks both fields. The e-mail may be missing. */
export function fieldErrors(typed: { name: string; email: string }): FieldErrors {
  return {
    name: typed.name.trim() === '' ? t('set-up-your-name.missing') : null,
    email: looksLikeEmail(typed.email.trim()) ? null : t('set-up-email.wrong'),
  };
}

/** Empty, or one @ between something and a host: the mail itself is the only real test. */
export function looksLikeEmail(text: string): boolean {
  return text === '' || /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)*$/.test(text);
}
