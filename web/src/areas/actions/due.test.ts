import { beforeAll, expect, it } from 'vitest';
import { loadTexts } from '$lib/i18n';
import { daysBetween, dueWords } from './due';

beforeAll(() => loadTexts(['actions']));

const today = '2026-11-24'; // a Tuesday

it('says near days by name', () => {
  expect(dueWords('2026-11-24', today)).toEqual({ text: 'Due today', late: false });
  expect(dueWords('2026-11-25', today)?.text).toBe('Due tomorrow');
  expect(dueWords('2026-11-27', today)?.text).toBe('Due Friday');
  expect(dueWords('2026-12-04', today)?.text).toBe('Due Friday 4 December');
});

it('says how late something is', () => {
  expect(dueWords('2026-11-23', today)).toEqual({ text: 'Due yesterday, 1 day late', late: true });
  expect(dueWords('2026-11-20', today)).toEqual({ text: 'Due Friday, 4 days late', late: true });
  expect(dueWords('2026-11-13', today)?.text).toBe('Due Friday 13 November, 11 days late');
});

it('is silent without a date, and counts over the change of clocks', () => {
  expect(dueWords(null, today)).toBeNull();
  expect(daysBetween('2026-10-24', '2026-10-26')).toBe(2);
});
