import { expect, it } from 'vitest';
import { documentFrom } from './stored';

const paragraph = { type: 'paragraph', content: [{ type: 'text', text: 'kept' }] };

it('gives an empty paragraph for nothing', () => {
  for (const nothing of [null, undefined, {}, 'x', { type: 'paragraph' }]) {
    expect(documentFrom(nothing).toJSON()).toEqual({ type: 'doc', content: [{ type: 'paragraph' }] });
  }
});

it('keeps what fits as it is', () => {
  const doc = { type: 'doc', content: [paragraph] };
  expect(documentFrom(doc).toJSON()).toEqual(doc);
});

it('keeps the readable part of what another version wrote', () => {
  const doc = { type: 'doc', content: [{ type: 'image' }, paragraph, { type: 'bullet_list', content: [] }] };
  const read = documentFrom(doc);
  expect(() => read.check()).not.toThrow();
  expect(read.textContent).toBe('kept');
});
