/** A stored document for the editor. What the schema does not know is left out rather than losing the note. */
import type { Node } from 'prosemirror-model';
import { readDoc, type Block, type Inline } from '../doc';
import { schema } from './schema';

/** The document, whole if it fits the schema, else what can be read of it; an empty paragraph for nothing. */
export function documentFrom(doc: unknown): Node {
  try {
    const node = schema.nodeFromJSON(doc);
    node.check();
    if (node.type === schema.topNodeType) return node;
  } catch {
    // Written by another version: read what can be read.
  }
  const blocks = readDoc(doc).map(blockNode);
  return schema.node('doc', null, blocks.length > 0 ? blocks : [schema.node('paragraph')]);
}

function blockNode(block: Block): Node {
  if (block.kind === 'quote') return schema.node('blockquote', null, filled(block.blocks));
  if (block.kind === 'heading') return schema.node('heading', { level: block.level }, inlineNodes(block.inlines));
  if (block.kind === 'paragraph') return schema.node('paragraph', null, inlineNodes(block.inlines));
  const items = block.items.map((item) => schema.node('list_item', null, [schema.node('paragraph'), ...item.map(blockNode)]));
  const list = items.length > 0 ? items : [schema.node('list_item', null, [schema.node('paragraph')])];
  return block.ordered ? schema.node('ordered_list', { order: block.start }, list) : schema.node('bullet_list', null, list);
}

function filled(blocks: Block[]): Node[] {
  return blocks.length > 0 ? blocks.map(blockNode) : [schema.node('paragraph')];
}

function inlineNodes(inlines: Inline[]): Node[] {
  return inlines.flatMap((one) => {
    if (one === 'break') return [schema.node('hard_break')];
    const marks = [
      ...(one.href ? [schema.mark('link', { href: one.href })] : []),
      ...(one.em ? [schema.mark('em')] : []),
      ...(one.strong ? [schema.mark('strong')] : []),
    ];
    return one.text ? [schema.text(one.text, marks)] : [];
  });
}
