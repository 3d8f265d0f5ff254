/** The time zones to choose from, as the browser knows them. */
import { zoneName } from '$lib/i18n';

export interface ZoneOption {
  value: string;
  label: string;
}

/** All zones of this browser, with the present one in any case, sorted by region and place. */
export function zoneOptions(present: string): ZoneOption[] {
  const known = 'supportedValuesOf' in Intl ? Intl.supportedValuesOf('timeZone') : [];
  const zones = [...new Set([...known, present, 'UTC'])].filter(Boolean).sort();
  return zones.map((zone) => ({ value: zone, label: labelOf(zone) }));
}

/** "Berlin (Europe)", "Indianapolis (America, Indiana)", "UTC". */
function labelOf(zone: string): string {
  const regions = zone.split('/').slice(0, -1).map((part) => part.replaceAll('_', ' '));
  return regions.length > 0 ? `${zoneName(zone)} (${regions.join(', ')})` : zone;
}
