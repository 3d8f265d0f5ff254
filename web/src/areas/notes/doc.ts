/**
 * A note's text as plain data for reading. The sealed JSON is somebody else's input: what is not understood is left
 * out, and a link keeps only addresses that are safe to offer. It must not need the editor.
 */

/** A run of text, or a line break. */
export interface Run {
  text: string;
  strong: boolean;
  em: boolean;
  href: string | null;
}
export type Inline = Run | 'break';
export type Block =
  | { kind: 'paragraph'; inlines: Inline[] }
  | { kind: 'heading'; level: 2 | 3; inlines: Inline[] }
  | { kind: 'quote'; blocks: Block[] }
  | { kind: 'list'; ordered: boolean; start: number; items: Block[][] };

/** Deeper nesting than any person writes; a forged document must not exhaust the stack. */
const depthMax = 12;

/** The blocks of a note's document; none for what is no document. */
export function readDoc(doc: unknown): Block[] {
  return fieldsOf(doc)['type'] === 'doc' ? blocksIn(doc, 0) : [];
}

/** The words of a note on one line, for a list. */
export function excerpt(doc: unknown, lengthMax = 180): string {
  const text = readDoc(doc).map(wordsOf).join(' ').replace(/\s+/g, ' ').trim();
  return text.length > lengthMax ? `${text.slice(0, lengthMax).replace(/\s\S*$/, '')}…` : text;
}

/** The address if it may be offered as a link. */
export function safeHref(href: unknown): string | null {
  if (typeof href !== 'string') return null;
  try {
    const { protocol } = new URL(href);
    return ['https:', 'http:', 'mailto:', 'tel:'].includes(protocol) ? href : null;
  } catch {
    return null;
  }
}

function blocksIn(node: unknown, depth: number): Block[] {
  return depth > depthMax ? [] : childrenOf(node).flatMap((child) => blockOf(child, depth));
}

function blockOf(node: unknown, depth: number): Block[] {
  const { type, attrs } = fieldsOf(node);
  const fields = fieldsOf(attrs);
  if (type === 'paragraph') return [{ kind: 'paragraph', inlines: inlinesIn(node) }];
  if (type === 'heading') return [{ kind: 'heading', level: fields['level'] === 3 ? 3 : 2, inlines: inlinesIn(node) }];
  if (type === 'blockquote') return [{ kind: 'quote', blocks: blocksIn(node, depth + 1) }];
  if (type !== 'bullet_list' && type !== 'ordered_list') return [];
  const start = Number.isSafeInteger(fields['order']) ? (fields['order'] as number) : 1;
  return [{ kind: 'list', ordered: type === 'ordered_list', start, items: childrenOf(node).map((item) => blocksIn(item, depth + 1)) }];
}

function inlinesIn(node: unknown): Inline[] {
  return childrenOf(node).flatMap((child): Inline[] => {
    const { type, text, marks } = fieldsOf(child);
    if (type === 'hard_break') return ['break'];
    if (type !== 'text' || typeof text !== 'string') return [];
    const list = Array.isArray(marks) ? marks.map(fieldsOf) : [];
    const has = (name: string) => list.some((mark) => mark['type'] === name);
    const link = list.find((mark) => mark['type'] === 'link');
    return [{ text, strong: has('strong'), em: has('em'), href: link ? safeHref(fieldsOf(link['attrs'])['href']) : null }];
  });
}

function wordsOf(block: Block): string {
  if (block.kind === 'quote') return block.blocks.map(wordsOf).join(' ');
  if (block.kind === 'list') return block.items.map((item) => item.map(wordsOf).join(' ')).join(' ');
  return block.inlines.map((one) => (one === 'break' ? ' ' : one.text)).join('');
}

function childrenOf(node: unknown): unknown[] {
  const { content } = fieldsOf(node);
  return Array.isArray(content) ? content : [];
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
