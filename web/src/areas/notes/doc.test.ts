import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerpt, readDoc, safeHref } from './doc';
import { schema } from './editor/schema';

const text = (words: string, ...marks: object[]) => ({ type: 'text', text: words, marks });
const paragraph = (...content: object[]) => ({ type: 'paragraph', content });

describe('reading a note', () => {
  it('keeps what the editor writes', () => {
    const doc = {
      type: 'doc',
      content: [
        { type: 'heading', attrs: { level: 2 }, content: [text('What stood out')] },
        paragraph(text('She said '), text('yes', { type: 'strong' }), { type: 'hard_break' }, text('at once', { type: 'em' })),
        { type: 'bullet_list', content: [{ type: 'list_item', content: [paragraph(text('Call Sam'))] }] },
        { type: 'blockquote', content: [paragraph(text('One pause'))] },
      ],
    };
    expect(() => schema.nodeFromJSON(doc).check()).not.toThrow();
    const blocks = readDoc(schema.nodeFromJSON(doc).toJSON());
    expect(blocks.map(({ kind }) => kind)).toEqual(['heading', 'paragraph', 'list', 'quote']);
    expect(excerpt(doc)).toBe('What stood out She said yes at once Call Sam One pause');
  });

  it('leaves out what is not a note', () => {
    const strange = { type: 'doc', content: [{ type: 'image', attrs: { src: 'https://evil.example' } }, paragraph(text('kept')), 7, null] };
    expect(readDoc(strange)).toEqual([{ kind: 'paragraph', inlines: [{ text: 'kept', strong: false, em: false, href: null }] }]);
    expect(readDoc('text')).toEqual([]);
  });

  it('never throws, whatever was sealed', () => {
    fc.assert(fc.property(fc.anything(), (content) => void readDoc({ type: 'doc', content: [content] })));
  });

  it('stops at a depth that nobody writes', () => {
    let node: object = paragraph(text('deep'));
    for (let level = 0; level < 10_000; level += 1) node = { type: 'blockquote', content: [node] };
    expect(excerpt({ type: 'doc', content: [node] })).toBe('');
  });
});

describe('a link', () => {
  it('is offered only where it leads to a page, mail or a phone', () => {
    expect(safeHref('https://example.org/a')).toBe('https://example.org/a');
    expect(safeHref('mailto:ana@example.org')).toBe('mailto:ana@example.org');
    for (const href of ['javascript:alert(1)', 'data:text/html,x', 'blob:https://x/1', 'file:///etc', '/clients', 7, null]) {
      expect(safeHref(href)).toBeNull();
    }
  });
});

it('an excerpt ends at a word', () => {
  expect(excerpt({ type: 'doc', content: [paragraph(text('one two three four'))] }, 10)).toBe('one two…');
});
