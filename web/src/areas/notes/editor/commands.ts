/** The acts of the toolbar and their keys. One list, so that both always do the same. */
import { baseKeymap, chainCommands, exitCode, lift, setBlockType, toggleMark, wrapIn } from 'prosemirror-commands';
import { redo, undo } from 'prosemirror-history';
import type { MarkType, NodeType } from 'prosemirror-model';
import { liftListItem, sinkListItem, splitListItem, wrapInList } from 'prosemirror-schema-list';
import type { Command, EditorState } from 'prosemirror-state';
import type { IconName } from '$lib/ui';
import { schema } from './schema';

const { nodes, marks } = schema;

/** A button of the toolbar. */
export interface Tool {
  /** The id of its words. */
  name: 'tool-bold' | 'tool-italic' | 'tool-heading' | 'tool-list' | 'tool-numbers' | 'tool-quote' | 'tool-link' | 'tool-undo' | 'tool-redo';
  icon: IconName;
  /** None for the link: it asks for an address first. */
  command: Command | null;
  /** Whether it applies where the cursor stands. */
  on?: (state: EditorState) => boolean;
}

/** The toolbar, in order. */
export const tools: readonly Tool[] = [
  { name: 'tool-bold', icon: 'bold', command: toggleMark(marks.strong), on: (state) => hasMark(state, marks.strong) },
  { name: 'tool-italic', icon: 'italic', command: toggleMark(marks.em), on: (state) => hasMark(state, marks.em) },
  { name: 'tool-heading', icon: 'heading', command: toggleHeading(2), on: (state) => state.selection.$from.parent.type === nodes.heading },
  { name: 'tool-list', icon: 'list', command: toggleList(nodes.bullet_list), on: (state) => isInside(state, nodes.bullet_list) },
  { name: 'tool-numbers', icon: 'list-ordered', command: toggleList(nodes.ordered_list), on: (state) => isInside(state, nodes.ordered_list) },
  { name: 'tool-quote', icon: 'quote', command: toggleQuote, on: (state) => isInside(state, nodes.blockquote) },
  { name: 'tool-link', icon: 'link', command: null, on: (state) => hasMark(state, marks.link) },
  { name: 'tool-undo', icon: 'undo-2', command: undo },
  { name: 'tool-redo', icon: 'redo-2', command: redo },
];

/** Enter, lists, and the usual keys. Tab is left alone: it must lead out of the editor. */
export const keys: Record<string, Command> = {
  ...baseKeymap,
  'Enter': chainCommands(splitListItem(nodes.list_item), baseKeymap['Enter'] as Command),
  'Shift-Enter': chainCommands(exitCode, insertBreak),
  'Mod-]': sinkListItem(nodes.list_item),
  'Mod-[': liftListItem(nodes.list_item),
  'Mod-b': toggleMark(marks.strong),
  'Mod-i': toggleMark(marks.em),
  'Mod-Alt-1': toggleHeading(2),
  'Mod-Alt-2': toggleHeading(3),
  'Mod-Alt-0': setBlockType(nodes.paragraph),
  'Mod-Shift-7': toggleList(nodes.ordered_list),
  'Mod-Shift-8': toggleList(nodes.bullet_list),
  'Mod-Shift-9': toggleQuote,
  'Mod-z': undo,
  'Mod-y': redo,
  'Mod-Shift-z': redo,
};

/** True where the selection, or what is typed next, carries the mark. */
export function hasMark(state: EditorState, type: MarkType): boolean {
  const { from, to, empty, $from } = state.selection;
  return empty ? Boolean(type.isInSet(state.storedMarks ?? $from.marks())) : state.doc.rangeHasMark(from, to, type);
}

function isInside(state: EditorState, type: NodeType): boolean {
  const { $from } = state.selection;
  return Array.from({ length: $from.depth + 1 }, (_, depth) => $from.node(depth).type).includes(type);
}

function toggleHeading(level: 2 | 3): Command {
  return (state, dispatch, view) => {
    const { type, attrs } = state.selection.$from.parent;
    const same = type === nodes.heading && attrs['level'] === level;
    return setBlockType(same ? nodes.paragraph : nodes.heading, same ? null : { level })(state, dispatch, view);
  };
}

function toggleList(type: NodeType): Command {
  return (state, dispatch, view) => (isInside(state, type) ? liftListItem(nodes.list_item) : wrapInList(type))(state, dispatch, view);
}

function toggleQuote(...[state, dispatch, view]: Parameters<Command>): boolean {
  return (isInside(state, nodes.blockquote) ? lift : wrapIn(nodes.blockquote))(state, dispatch, view);
}

function insertBreak(...[state, dispatch]: Parameters<Command>): boolean {
  dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
  return true;
}
