/** The places of a signed-in person: what is built, nothing else. */
import type { Role } from '$lib/engine/types';
import { t } from '$lib/i18n';
import { href } from '$lib/router/href';
import type { Destination } from '$lib/ui';

interface Counts {
  unread: number;
  clients: number;
}

/** What the coach's rail and bar show. */
export function coachPlaces({ unread, clients }: Counts): Destination[] {
  return [
    { href: href('/today'), label: t('place-today'), icon: 'house' },
    { href: href('/clients'), label: t('place-clients'), icon: 'users', count: clients },
    { href: href('/messages'), label: t('place-messages'), icon: 'message-circle', count: unread, waiting: true },
  ];
}

/** The settings, at the rail's foot and last in the phone's bar. */
export function settingsPlace(): Destination {
  return { href: href('/settings'), label: t('place-settings'), icon: 'settings' };
}

/** What the client's bar shows. */
export function clientPlaces({ unread }: Pick<Counts, 'unread'>): Destination[] {
  return [
    { href: href('/home'), label: t('place-home'), icon: 'house' },
    { href: href('/notes'), label: t('place-notes'), icon: 'file-text' },
    { href: href('/messages'), label: t('place-messages'), icon: 'message-circle', count: unread, waiting: true },
    { href: href('/space'), label: t('place-space'), icon: 'library' },
  ];
}

const ofTheCoach = ['/today', '/clients', '/team'];
const ofTheClient = ['/home', '/notes', '/space'];

/** Where to go instead, if this page is for people of another role; else null. */
export function otherPlace(path: string, role: Role): string | null {
  const foreign = role === 'client' ? ofTheCoach : ofTheClient;
  const isForeign = foreign.some((place) => path === place || path.startsWith(`${place}/`));
  if (!isForeign) return null;
  return role === 'client' ? '/home' : '/today';
}
