/** Words for people, roles and rights. Pure: it asks nobody. */
import type { ActView, PersonView, Role } from '$lib/engine/types';
import { hasText, t } from '$lib/i18n';

const builtIn: readonly string[] = ['owner', 'admin', 'practitioner', 'staff', 'client'];

/** The name of a role; one of the practice's own making brings its own, unless it was removed since. */
export function roleWord(role: Role, name: string | null): string {
  return name ?? (builtIn.includes(role) ? t(`role-${role}`) : t('role-gone'));
}

/** The rights of a role that have words: what everybody may is not repeated. */
export function rightWords(rights: readonly string[]): string[] {
  return rightsShown.filter((right) => rights.includes(right)).map((right) => t(`right-${right}`));
}

/** What somebody can prove beside a password, best first. Recovery codes stand in for a second step and are none alone. */
export function secondWords({ passkeys, totp, keys, recoveryLeft }: PersonView['second']): string {
  const words = [
    ...(passkeys > 0 ? [t('person-second-passkeys', { count: passkeys })] : []),
    ...(totp ? [t('person-second-totp')] : []),
    ...(keys > 0 ? [t('person-second-keys', { count: keys })] : []),
    ...(totp || keys > 0 ? [t('person-second-codes', { count: recoveryLeft })] : []),
  ];
  return words.length > 0 ? words.join(' · ') : t('person-second.none');
}

/** In the order in which they are read. */
export const rightsShown = [
  'manage-clients', 'see-people', 'manage-people', 'manage-roles', 'set-policy', 'review-access', 'see-security', 'see-backups', 'sign-restore',
] as const;

/** The three lists of the page: who works here, who is coached, whose account is closed. */
export function inGroups(people: readonly PersonView[]): Record<'colleagues' | 'clients' | 'closed', PersonView[]> {
  const here = people.filter(({ state }) => state !== 'deleted').sort((a, b) => a.name.localeCompare(b.name));
  return {
    colleagues: here.filter(({ role }) => role !== 'client'),
    clients: here.filter(({ role }) => role === 'client'),
    closed: people.filter(({ state }) => state === 'deleted'),
  };
}

/** What happened to somebody else's account, or what they did. */
export function seenWords({ code, device }: ActView): string {
  const id = `seen-${code.replaceAll('.', '-')}`;
  return hasText(id) ? t(id, { device: device ?? t('act-device-unknown') }) : t('seen-other', { code });
}
