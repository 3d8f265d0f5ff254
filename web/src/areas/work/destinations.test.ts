import { expect, it } from 'vitest';
import { otherPlace } from './destinations';

it('keeps coach and client on their own pages', () => {
  expect(otherPlace('/today', 'client')).toBe('/home');
  expect(otherPlace('/clients/cli_1/notes', 'client')).toBe('/home');
  expect(otherPlace('/home', 'owner')).toBe('/today');
  expect(otherPlace('/space/files', 'practitioner')).toBe('/today');
});

it('leaves shared pages and their own alone', () => {
  expect(otherPlace('/messages', 'client')).toBeNull();
  expect(otherPlace('/messages', 'owner')).toBeNull();
  expect(otherPlace('/notes/rec_1', 'client')).toBeNull();
  expect(otherPlace('/homes', 'owner')).toBeNull();
});
