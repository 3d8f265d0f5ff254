/** Finding a client while typing, and the words for how far each is. Pure. */
import type { ClientView } from '$lib/engine/types';
import { t } from '$lib/i18n';

/** Clients whose name or e-mail holds every typed word, without regard to case and accents; by name. */
export function findClients(clients: readonly ClientView[], typed: string): ClientView[] {
  const words = plain(typed).split(/\s+/).filter(Boolean);
  return clients
    .filter(({ name, email }) => words.every((word) => plain(`${name} ${email ?? ''}`).includes(word)))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** How far a client is, as a chip. */
export function clientState(client: ClientView, now: number = Date.now()): { text: string; tone: 'plain' | 'ok' | 'info' | 'warn' } {
  if (client.state === 'verified') return { text: t('client-verified'), tone: 'ok' };
  if (client.state === 'joined') return { text: t('client-joined'), tone: 'info' };
  if (client.state === 'added') return { text: t('client-added'), tone: 'plain' };
  const late = client.invite !== null && Date.parse(client.invite.expiresAt) <= now;
  return late ? { text: t('client-expired'), tone: 'warn' } : { text: t('client-invited'), tone: 'plain' };
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();
}
