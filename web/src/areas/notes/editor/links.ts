/** Links in a note: what was typed as an address, and where a link stands. Pure. */
import type { Command, EditorState } from 'prosemirror-state';
import { safeHref } from '../doc';
import { schema } from './schema';

const link = schema.marks.link;

/** "example.org" becomes "https://example.org/"; null for what is no address. */
export function typedHref(typed: string): string | null {
  const text = typed.trim();
  if (/^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/.test(text)) return `mailto:${text}`;
  if (safeHref(text)) return text;
  const asPage = /^[\w-]+(\.[\w-]+)+([/?#]\S*)?$/.test(text) ? safeHref(`https://${text}`) : null;
  return asPage;
}

/** The selected text, or the whole link around the cursor, with the address it has now ("" for none). */
export function linkPlace(state: EditorState): { from: number; to: number; href: string } {
  const { from, to, empty, $from } = state.selection;
  let found = { from, to, href: '' };
  state.doc.nodesBetween(empty ? $from.start() : from, empty ? $from.end() : to, (node, position) => {
    const href = link.isInSet(node.marks)?.attrs['href'] as string | undefined;
    if (!href) return;
    const around = position <= from && from <= position + node.nodeSize;
    if (!empty) found.href ||= href;
    else if (around) found = { from: position, to: position + node.nodeSize, href };
  });
  return found;
}

/** Sets, changes or takes away the link there. Where nothing is selected, the address itself becomes the text. */
export function setLink(href: string | null): Command {
  return (state, dispatch) => {
    const { from, to } = linkPlace(state);
    const change = state.tr.removeMark(from, to, link);
    if (href && from === to) change.insert(from, schema.text(href, [link.create({ href })]));
    else if (href) change.addMark(from, to, link.create({ href }));
    dispatch?.(change);
    return true;
  };
}
