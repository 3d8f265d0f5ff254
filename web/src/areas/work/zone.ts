/** The zone in which a signed-in person reads times: their own, else that of the device. */
import { deviceZone } from '$lib/i18n';
import { session } from '$lib/state';

export function myZone(): string {
  return session.me?.zone || deviceZone();
}
