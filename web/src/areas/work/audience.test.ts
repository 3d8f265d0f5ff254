import { beforeAll, expect, it } from 'vitest';
import { loadTexts } from '$lib/i18n';
import { audienceOf, draftAudience } from './audience';

beforeAll(() => loadTexts(['work']));

it('names people, the reader first', () => {
  expect(audienceOf({ others: ['Ana Abara'], invited: false })).toEqual({ who: 'You and Ana', only: false });
  expect(audienceOf({ others: ['Maya Okafor', 'Lena Brandt'], invited: false }).who).toBe('You, Maya and Lena');
});

it('uses whole names where first names are the same', () => {
  expect(audienceOf({ others: ['Ana Abara', 'Ana Costa'], invited: false }).who).toBe('You, Ana Abara and Ana Costa');
});

it('says who reads alone, and who is about to join', () => {
  expect(audienceOf({ others: [], invited: false })).toEqual({ who: 'Only you', only: true });
  expect(audienceOf({ others: [], invited: true }, 'Ana Abara')).toEqual({ who: 'You, and Ana once joined', only: false });
  expect(draftAudience().only).toBe(true);
});
