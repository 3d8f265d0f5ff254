import { beforeAll, expect, it } from 'vitest';
import { loadTexts } from '$lib/i18n';
import { audienceOf, draftAudience } from './audience';

beforeAll(() => loadTexts(['work']));

it('names people, the reader first', () => {
  expect(audienceOf({ readers: ['You', 'Ana Abara'], invited: false })).toEqual({ who: 'You and Ana', only: false });
  expect(audienceOf({ readers: ['You', 'Maya Okafor', 'Lena Brandt'], invited: false }).who).toBe('You, Maya and Lena');
});

it('uses whole names where first names are the same', () => {
  expect(audienceOf({ readers: ['You', 'Ana Abara', 'Ana Costa'], invited: false }).who).toBe('You, Ana Abara and Ana Costa');
});

it('says who reads alone, and who is about to join', () => {
  expect(audienceOf({ readers: ['You'], invited: false })).toEqual({ who: 'Only you', only: true });
  expect(audienceOf({ readers: ['You'], invited: true }, 'Ana Abara')).toEqual({ who: 'You, and Ana once joined', only: false });
  expect(draftAudience().only).toBe(true);
});
