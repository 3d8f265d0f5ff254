/** How far something got from this device, in words. Pure. */
import type { ItemBase } from '$lib/engine/types';
import { t } from '$lib/i18n';

const words = { sent: 'sending-sent', waiting: 'sending-waiting', sending: 'sending-now', refused: 'sending-refused' } as const;

/** "Sent", "Waiting to be sent", "Sending", "Not sent". */
export function sendingWords({ sending }: Pick<ItemBase, 'sending'>): string {
  return t(words[sending]);
}
