import { EditorState, TextSelection } from 'prosemirror-state';
import { expect, it } from 'vitest';
import { linkPlace, setLink, typedHref } from './links';
import { schema } from './schema';

it('completes what people type', () => {
  expect(typedHref('example.org/a?b')).toBe('https://example.org/a?b');
  expect(typedHref(' https://example.org ')).toBe('https://example.org');
  expect(typedHref('ana@example.org')).toBe('mailto:ana@example.org');
});

it('refuses what is no address of a page, mail or phone', () => {
  for (const typed of ['', 'call sam', 'javascript:alert(1)', 'data:text/html,x']) expect(typedHref(typed)).toBeNull();
});

function stateAt(from: number, to = from): EditorState {
  const href = 'https://example.org/';
  const words = [schema.text('see '), schema.text('here', [schema.mark('link', { href })]), schema.text(' now')];
  const state = EditorState.create({ doc: schema.node('doc', null, [schema.node('paragraph', null, words)]) });
  return state.apply(state.tr.setSelection(TextSelection.create(state.doc, from, to)));
}

function textAfter(state: EditorState, href: string | null): string {
  let next = state;
  setLink(href)(state, (tr) => (next = state.apply(tr)));
  return JSON.stringify(next.doc.toJSON());
}

it('finds the whole link around the cursor', () => {
  expect(linkPlace(stateAt(7))).toEqual({ from: 5, to: 9, href: 'https://example.org/' });
  expect(linkPlace(stateAt(2))).toEqual({ from: 2, to: 2, href: '' });
});

it('sets, changes and takes away', () => {
  expect(textAfter(stateAt(7), null)).not.toContain('link');
  expect(textAfter(stateAt(7), 'https://other.example/')).toContain('https://other.example/');
  expect(textAfter(stateAt(1, 4), 'https://other.example/')).toContain('https://example.org/');
  expect(textAfter(stateAt(1), 'https://other.example/')).toContain('"text":"https://other.example/"');
});
