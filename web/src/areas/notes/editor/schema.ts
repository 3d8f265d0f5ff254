/**
 * What a note may hold: headings, paragraphs, lists, quotes, bold, italic and links. No images, no raw HTML: nothing
 * that fetches. Stored notes have these names; they must never change.
 */
import { Schema, type DOMOutputSpec, type MarkSpec, type NodeSpec } from 'prosemirror-model';
import { safeHref } from '../doc';

const nodes = {
  doc: { content: 'block+' },
  paragraph: { content: 'inline*', group: 'block', parseDOM: [{ tag: 'p' }], toDOM: (): DOMOutputSpec => ['p', 0] },
  // A note stands on a page with its own h1 and h2, so its headings begin at h3 on screen.
  heading: {
    attrs: { level: { default: 2, validate: 'number' } },
    content: 'inline*',
    group: 'block',
    defining: true,
    parseDOM: [
      { tag: 'h1', attrs: { level: 2 } },
      { tag: 'h2', attrs: { level: 2 } },
      { tag: 'h3', attrs: { level: 2 } },
      { tag: 'h4', attrs: { level: 3 } },
      { tag: 'h5', attrs: { level: 3 } },
    ],
    toDOM: (node): DOMOutputSpec => [node.attrs['level'] === 3 ? 'h4' : 'h3', 0],
  },
  blockquote: { content: 'block+', group: 'block', defining: true, parseDOM: [{ tag: 'blockquote' }], toDOM: (): DOMOutputSpec => ['blockquote', 0] },
  bullet_list: { content: 'list_item+', group: 'block', parseDOM: [{ tag: 'ul' }], toDOM: (): DOMOutputSpec => ['ul', 0] },
  ordered_list: {
    attrs: { order: { default: 1, validate: 'number' } },
    content: 'list_item+',
    group: 'block',
    parseDOM: [{ tag: 'ol', getAttrs: (dom) => ({ order: (dom as HTMLOListElement).start || 1 }) }],
    toDOM: (node): DOMOutputSpec => ['ol', { start: node.attrs['order'] as number }, 0],
  },
  list_item: { content: 'paragraph block*', defining: true, parseDOM: [{ tag: 'li' }], toDOM: (): DOMOutputSpec => ['li', 0] },
  text: { group: 'inline' },
  hard_break: { inline: true, group: 'inline', selectable: false, parseDOM: [{ tag: 'br' }], toDOM: (): DOMOutputSpec => ['br'] },
} satisfies Record<string, NodeSpec>;

const marks = {
  link: {
    attrs: { href: { validate: 'string' } },
    inclusive: false,
    parseDOM: [{ tag: 'a[href]', getAttrs: (dom) => linkAttrs((dom as HTMLAnchorElement).getAttribute('href')) }],
    toDOM: (mark): DOMOutputSpec => ['a', { href: mark.attrs['href'] as string, rel: 'noopener noreferrer nofollow' }, 0],
  },
  em: { parseDOM: [{ tag: 'i' }, { tag: 'em' }, { style: 'font-style=italic' }], toDOM: (): DOMOutputSpec => ['em', 0] },
  strong: {
    parseDOM: [{ tag: 'strong' }, { tag: 'b', getAttrs: (dom) => ((dom as HTMLElement).style.fontWeight === 'normal' ? false : null) }],
    toDOM: (): DOMOutputSpec => ['strong', 0],
  },
} satisfies Record<string, MarkSpec>;

/** Refuses a pasted link that is not safe to offer. */
function linkAttrs(address: string | null): { href: string } | false {
  const href = safeHref(address);
  return href ? { href } : false;
}

export const schema = new Schema({ nodes, marks });
