/**
 * Times in words. An instant is always shown in a named zone, and the zone is always said.
 * It must not compute with civil times: instants come from the server.
 */
import { currentLanguage, t } from './texts';

/** An instant: a Date, or its RFC 3339 text or milliseconds since 1970. */
export type Instant = Date | string | number;

/** The zone of this device. */
export function deviceZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** The name that people use for a zone: "Europe/Berlin" is "Berlin", "America/New_York" is "New York". */
export function zoneName(zone: string): string {
  return (zone.split('/').pop() ?? zone).replaceAll('_', ' ');
}

/** The time of day with its zone: "09:00 (Berlin)". */
export function clockIn(instant: Instant, zone: string): string {
  return t('time-in-zone', { time: clock(instant, zone), zone: zoneName(zone) });
}

/** From and to on one day, with the zone: "09:00 – 10:00 (Berlin)". */
export function clockRangeIn(start: Instant, end: Instant, zone: string): string {
  const time = t('time-range', { start: clock(start, zone), end: clock(end, zone) });
  return t('time-in-zone', { time, zone: zoneName(zone) });
}

/** The day of an instant in a zone: "Thursday 26 November", with the year if it is not the present one. */
export function dayIn(instant: Instant, zone: string, now: Instant = Date.now()): string {
  const sameYear = part(instant, zone, { year: 'numeric' }) === part(now, zone, { year: 'numeric' });
  const year = sameYear ? undefined : ('numeric' as const);
  return part(instant, zone, { weekday: 'long', day: 'numeric', month: 'long', year }).replace(',', '');
}

/** The same in few letters: "3 Dec", with the year if it is not the present one. */
export function shortDayIn(instant: Instant, zone: string, now: Instant = Date.now()): string {
  const sameYear = part(instant, zone, { year: 'numeric' }) === part(now, zone, { year: 'numeric' });
  return part(instant, zone, { day: 'numeric', month: 'short', year: sameYear ? undefined : ('numeric' as const) });
}

/** Day and time with the zone: "Today, 09:00 (Berlin)", "Thursday 26 November, 14:00 (Berlin)". */
export function dayAndClockIn(instant: Instant, zone: string, now: Instant = Date.now()): string {
  return t('day-and-time', { day: nearDayIn(instant, zone, now), time: clockIn(instant, zone) });
}

/** A civil date ("2026-11-27", no zone) in words: "Friday 27 November". */
export function civilDay(date: string, now: Instant = Date.now()): string {
  return dayIn(`${date}T12:00:00Z`, 'UTC', now);
}

/** The same inside a sentence: "today", "yesterday", "tomorrow". */
export function nearDayInside(instant: Instant, zone: string, now: Instant = Date.now()): string {
  const days = dayNumber(instant, zone) - dayNumber(now, zone);
  if (days === 0) return t('day-today.inside');
  if (days === -1) return t('day-yesterday.inside');
  return days === 1 ? t('day-tomorrow.inside') : dayIn(instant, zone, now);
}

/** "Today", "Yesterday" or "Tomorrow" in the zone, else nothing. */
function nearDay(instant: Instant, zone: string, now: Instant): string | undefined {
  const days = dayNumber(instant, zone) - dayNumber(now, zone);
  if (days === 0) return t('day-today');
  if (days === -1) return t('day-yesterday');
  if (days === 1) return t('day-tomorrow');
  return undefined;
}

function dayNumber(instant: Instant, zone: string): number {
  return Date.parse(`${todayIn(zone, instant)}T00:00:00Z`) / 86_400_000;
}

/** The time of day alone, for where the zone stands beside it already, as over a stream of messages. */
export function clockBare(instant: Instant, zone: string): string {
  return clock(instant, zone);
}

/** The present civil date in a zone, as "2026-11-27". */
export function todayIn(zone: string, now: Instant = Date.now()): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(new Date(now));
}

/** "Today", "Yesterday", "Tomorrow", or the day in words. */
export function nearDayIn(instant: Instant, zone: string, now: Instant = Date.now()): string {
  return nearDay(instant, zone, now) ?? dayIn(instant, zone, now);
}

function clock(instant: Instant, zone: string): string {
  return part(instant, zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

function part(instant: Instant, zone: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(dateLocale(), { ...options, timeZone: zone }).format(new Date(instant));
}

/** English without a region writes dates day first. */
function dateLocale(): string {
  return currentLanguage() === 'en' ? 'en-GB' : currentLanguage();
}
