/** When an action is due, in words. Civil dates only: a due date has no time and no zone. Pure. */
import { civilDay, t } from '$lib/i18n';

/** What stands beneath an open action. */
export interface Due {
  text: string;
  late: boolean;
}

/** "Due tomorrow", "Due Friday", "Due Friday 13 November, 11 days late". Null for no date. */
export function dueWords(due: string | null, today: string): Due | null {
  if (due === null) return null;
  const days = daysBetween(today, due);
  if (days === 0) return { text: t('due-today'), late: false };
  if (days === 1) return { text: t('due-tomorrow'), late: false };
  if (days === -1) return { text: t('due-yesterday'), late: true };
  const day = Math.abs(days) < 7 ? weekday(due) : civilDay(due, Date.parse(`${today}T12:00:00Z`));
  return days > 0 ? { text: t('due-day', { day }), late: false } : { text: t('due-late', { day, days: -days }), late: true };
}

/** Whole days from one civil date to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

function weekday(date: string): string {
  return civilDay(date).split(' ')[0] as string;
}
