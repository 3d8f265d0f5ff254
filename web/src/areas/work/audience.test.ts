import { beforeAll, expect, it } from 'vitest';
import { loadTexts } from '$lib/i18n';
import { audienceOf, draftAudience } from './audience';

beforeAll(() => loadTexts(['work']));

it('names people, the reader first', () => {
  expect(audienceOf({ others: ['Ana Abara'], invited: false, guests: [] })).toEqual({ who: 'You and Ana', only: false });
  expect(audienceOf({ others: ['Maya Okafor', 'Lena Brandt'], invited: false, guests: [] }).who).toBe('You, Maya and Lena');
});

it('uses whole names where first names are the same', () => {
  expect(audienceOf({ others: ['Ana Abara', 'Ana Costa'], invited: false, guests: [] }).who).toBe('You, Ana Abara and Ana Costa');
});

it('says who reads alone, and who is about to join', () => {
  expect(audienceOf({ others: [], invited: false, guests: [] })).toEqual({ who: 'Only you', only: true });
  expect(audienceOf({ others: [], invited: true, guests: [] }, 'Ana Abara')).toEqual({ who: 'You, and Ana once joined', only: false });
  expect(draftAudience().only).toBe(true);
});

it('says until when somebody covers', () => {
  const guests = [{ name: 'Lena Brandt', role: 'cover', until: '2026-12-03T23:00:00.000Z' }];
  expect(audienceOf({ others: ['Ana Abara', 'Lena Brandt'], invited: false, guests }).who).toBe('You, Ana and Lena (cover until 3 Dec)');
});
