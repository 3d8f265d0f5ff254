/** Words for people, roles and rights. Pure: it asks nobody. */
import type { ActView, PersonView, Role } from '$lib/engine/types';
import { hasText, t } from '$lib/i18n';

const builtIn: readonly string[] = ['owner', 'admin', 'practitioner', 'staff', 'client'];

/** The name of a role; one of the practice's own making brings its own. */
export function roleWord(role: Role, name: string | null): string {
  return name ?? (builtIn.includes(role) ? t(`role-${role}`) : role);
}

/** The rights of a role that have words: what everybody may is not repeated. */
export function rightWords(rights: readonly string[]): string[] {
  return rightsShown.filter((right) => rights.includes(right)).map((right) => t(`right-${right}`));
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
