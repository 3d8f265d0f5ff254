/**
 * File names and sizes as people see them. A name is somebody else's text: marks that turn its direction, and other
 * invisible ones, are made visible so that "invoice.exe" cannot look like "invoice.pdf". Pure.
 */
import { t } from '$lib/i18n';

/** Control, direction and zero-width characters. */
const hidden = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** The name with every invisible mark written out, such as "[U+202E]"; null is a name that is locked. */
export function visibleName(name: string | null): string {
  if (name === null) return t('file-locked');
  const shown = name.replace(hidden, (mark) => `[U+${(mark.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}]`);
  return shown.trim() || t('file-unnamed');
}

/** The name for the download: visible, and without anything that means a folder. */
export function savedName(name: string): string {
  const safe = visibleName(name).replace(/[\\/:*?"<>|]/g, '_').replace(/^\.+/, '_');
  return safe.slice(-180);
}

const units = ['size-bytes', 'size-kb', 'size-mb', 'size-gb'] as const;

/** "12 bytes", "3.4 MB": three figures at most. */
export function sizeWords(size_bytes: number): string {
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, size_bytes)) / 3)));
  const value = size_bytes / 1000 ** step;
  const size = step === 0 || value >= 100 ? Math.round(value) : Math.round(value * 10) / 10;
  return t(units[step] as string, { size: String(size) });
}
