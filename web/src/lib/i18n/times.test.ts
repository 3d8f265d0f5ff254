import { describe, expect, it } from 'vitest';
import { civilDay, clockIn, clockRangeIn, dayAndClockIn, dayIn, zoneName } from './times';

const now = '2026-11-23T08:00:00Z';

describe('times', () => {
  it('always name the zone', () => {
    expect(clockIn('2026-11-26T13:00:00Z', 'Europe/Berlin')).toBe('14:00 (Berlin)');
    expect(clockIn('2026-11-26T13:00:00Z', 'America/New_York')).toBe('08:00 (New York)');
    expect(clockRangeIn('2026-11-26T13:00:00Z', '2026-11-26T14:00:00Z', 'Europe/Lisbon')).toBe('13:00 – 14:00 (Lisbon)');
  });

  it('say midnight as 00:00', () => {
    expect(clockIn('2026-11-26T23:00:00Z', 'Europe/Berlin')).toBe('00:00 (Berlin)');
  });

  it('follow daylight saving of the zone', () => {
    expect(clockIn('2026-07-01T12:00:00Z', 'Europe/Berlin')).toBe('14:00 (Berlin)');
  });

  it('name near days in the zone, not in UTC', () => {
    expect(dayAndClockIn('2026-11-23T09:00:00Z', 'Europe/Berlin', now)).toBe('Today, 10:00 (Berlin)');
    expect(dayAndClockIn('2026-11-23T23:30:00Z', 'Europe/Berlin', now)).toBe('Tomorrow, 00:30 (Berlin)');
    expect(dayAndClockIn('2026-11-22T20:00:00Z', 'Europe/Berlin', now)).toBe('Yesterday, 21:00 (Berlin)');
    expect(dayAndClockIn('2026-11-26T13:00:00Z', 'Europe/Berlin', now)).toBe('Thursday 26 November, 14:00 (Berlin)');
  });

  it('add the year when it is another one', () => {
    expect(dayIn('2027-01-04T12:00:00Z', 'Europe/Berlin', now)).toBe('Monday 4 January 2027');
  });

  it('show a civil date as it is, wherever the device stands', () => {
    expect(civilDay('2026-11-27', now)).toBe('Friday 27 November');
  });

  it('call a zone by its city', () => {
    expect(zoneName('America/Argentina/Buenos_Aires')).toBe('Buenos Aires');
    expect(zoneName('UTC')).toBe('UTC');
  });
});
