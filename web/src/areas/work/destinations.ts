/** The places of a signed-in person: what is built, nothing else. */
import { may } from '$lib/engine/rights';
import type { MeView, Role } from '$lib/engine/types';
import { t } from '$lib/i18n';
import { href } from '$lib/router/href';
import type { Destination } from '$lib/ui';

interface Counts {
  unread: number;
  clients: number;
}

/** Who asks, as far as places go. */
export type Visitor = Pick<MeView, 'role' | 'rights'>;

/** What the rail and bar of somebody who works here show. */
export function colleaguePlaces(me: Visitor, { unread, clients }: Counts): Destination[] {
  const coaching: Destination[] = [
    { href: href('/today'), label: t('place-today'), icon: 'house' },
    { href: href('/clients'), label: t('place-clients'), icon: 'users', count: clients },
    { href: href('/messages'), label: t('place-messages'), icon: 'message-circle', count: unread, waiting: true },
  ];
  const people: Destination = { href: href('/people'), label: t('place-people'), icon: 'contact-round' };
  return [...(coaches(me) ? coaching : []), ...(may(me, 'see-people') ? [people] : [])];
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

/** The page where a person's day begins. */
export function homeOf(me: Visitor): string {
  if (me.role === 'client') return href('/home');
  if (coaches(me)) return href('/today');
  return may(me, 'see-people') ? href('/people') : href('/settings');
}

/** Where to go instead, if this page is not for this person; else null. */
export function otherPlace(path: string, me: Visitor): string | null {
  const isForeign = foreignTo(me).some((place) => path === place || path.startsWith(`${place}/`));
  return isForeign ? homeOf(me) : null;
}

const ofCoaching = ['/today', '/clients', '/messages'];
const ofTheClient = ['/home', '/notes', '/space'];
const ofColleagues = ['/team'];
const ofPeople = ['/people'];

function foreignTo(me: Visitor): string[] {
  if (me.role === 'client') return [...ofCoaching.filter((place) => place !== '/messages'), ...ofColleagues, ...ofPeople];
  return [...ofTheClient, ...(coaches(me) ? [] : ofCoaching), ...(may(me, 'see-people') ? [] : ofPeople)];
}

/** Works with clients. Where only the role is known, as before the practice was reached, the role says it. */
function coaches({ role, rights }: Visitor): boolean {
  return may({ rights }, 'manage-clients') || isCoach(role);
}

function isCoach(role: Role): boolean {
  return role === 'owner' || role === 'practitioner';
}
