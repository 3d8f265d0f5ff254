/** Devices and what looked unusual, in words. Pure. */
import type { DeviceView, UnusualView } from '$lib/engine/types';
import { clockIn, dayAndClockIn, hasText, t } from '$lib/i18n';

/** When and from where it was last used, and what it calls itself where it has another name. */
export function deviceDetail({ here, sessions, lastAt, network, named, label }: DeviceView, zone: string): string {
  const used = here ? t('devices-used.here') : sessions === 0 ? t('devices-out') : null;
  const time = here ? null : t('devices-used', { time: dayAndClockIn(lastAt, zone) });
  const from = network === null ? null : t('devices-from', { network });
  return [used, time, from, named ? t('devices-itself', { label }) : null].filter((part) => part !== null).join(' · ');
}

const factOf = ({ facts }: UnusualView, name: string) => facts.find((fact) => fact.name === name)?.value ?? null;

/** Whom it is about; somebody whose name is not known any more is said to be gone. */
function whom({ people }: UnusualView): string {
  return people.map(({ name }) => name || t('unusual-gone')).join(', ') || t('unusual-nobody');
}

export function unusualWords(seen: UnusualView): string {
  const id = `unusual-${seen.code.replace(/^anomaly\./, '')}`;
  return hasText(id) ? t(id, { who: whom(seen), accounts: Number(factOf(seen, 'accounts') ?? 0) }) : t('unusual-other', { code: seen.code });
}

export function unusualDetail(seen: UnusualView, zone: string): string {
  const before = factOf(seen, 'from');
  const parts = [
    clockIn(seen.at, zone),
    seen.network === null ? null : t('unusual-from', { network: seen.network }),
    before === null ? null : t('unusual-before', { network: before }),
    seen.code === 'anomaly.spraying' ? t('unusual-whom', { who: whom(seen) }) : null,
  ];
  return parts.filter((part) => part !== null).join(' · ');
}
