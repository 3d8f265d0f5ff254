/** Sizes in words, as file managers write them: powers of 1000. */
import { currentLanguage } from '$lib/i18n';

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** "12 MB", "840 kB". */
export function sizeInWords(size_bytes: number): string {
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(size_bytes, 1)) / 3));
  const unit = units[step] as (typeof units)[number];
  const format = new Intl.NumberFormat(currentLanguage(), { style: 'unit', unit, maximumSignificantDigits: 3 });
  return format.format(size_bytes / 1000 ** step);
}
