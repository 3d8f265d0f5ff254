/** One sentence for every failed sign-in, so that nobody learns from it who has an account here. */
import { t } from '$lib/i18n';
import { codeOf, faultOf, type Fault } from '../unlock/faults';

/** Whatever was wrong: the person, the password, the passkey or the kit. */
const failed: readonly string[] = ['sign-in-failed', 'SlotDoesNotOpen', 'WrongPassword', 'KitOther', 'EmptyPassword'];

/** Words for a failed sign-in. */
export function signInFault(error: unknown): Fault {
  if (failed.includes(codeOf(error))) return { title: t('sign-in-failed'), text: t('sign-in-failed.next') };
  return faultOf(error);
}
