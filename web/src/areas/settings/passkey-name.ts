/** What a new passkey may be called: the system that keeps it, told apart from those that are there. Pure. */
import { systemName } from '$lib/engine/browser/device-label';
import { t } from '$lib/i18n';

/** The most characters of a name. */
export const passkeyNameMax = 60;

export function nameOffered(agent: string, taken: readonly string[]): string {
  const name = systemName(agent) ?? t('keys-passkey.name');
  let offered = name;
  for (let nth = 2; taken.includes(offered); nth++) offered = `${name} ${nth}`;
  return offered;
}
