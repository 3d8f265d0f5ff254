import type { Destination } from '$lib/ui';

export const coachItems: Destination[] = [
  { href: '/coach', label: 'Today', icon: 'house', exact: true },
  { href: '/coach/clients', label: 'Clients', icon: 'users', count: 24 },
  { href: '/coach/calendar', label: 'Calendar', icon: 'calendar-days' },
  { href: '/coach/messages', label: 'Messages', icon: 'message-circle', count: 3, waiting: true },
];
export const coachFoot: Destination[] = [{ href: '/coach/settings', label: 'Settings', icon: 'settings' }];
export const clientItems: Destination[] = [
  { href: '/client', label: 'Home', icon: 'house', exact: true },
  { href: '/client/messages', label: 'Messages', icon: 'message-circle', count: 1, waiting: true },
  { href: '/client/space', label: 'My space', icon: 'library' },
];
