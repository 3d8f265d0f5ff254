import { EditorState, TextSelection, type Command } from 'prosemirror-state';
import { expect, it } from 'vitest';
import { keys, tools } from './commands';
import { schema } from './schema';

function stateWith(words: string): EditorState {
  const doc = schema.node('doc', null, [schema.node('paragraph', null, [schema.text(words)])]);
  const state = EditorState.create({ doc });
  return state.apply(state.tr.setSelection(TextSelection.create(doc, 1, 1 + words.length)));
}

function after(state: EditorState, command: Command): EditorState {
  let next = state;
  expect(command(state, (tr) => (next = state.apply(tr)))).toBe(true);
  return next;
}

const tool = (name: string) => tools.find((one) => one.name === `tool-${name}`) as (typeof tools)[number];

it.each(['bold', 'italic', 'heading', 'list', 'numbers', 'quote'])('%s applies, says so, and is taken back by itself', (name) => {
  const { command, on } = tool(name);
  const begun = stateWith('Call Sam');
  expect(on?.(begun)).toBe(false);
  const applied = after(begun, command as Command);
  expect(on?.(applied)).toBe(true);
  const back = after(applied, command as Command);
  expect(on?.(back)).toBe(false);
  expect(back.doc.toJSON()).toEqual(begun.doc.toJSON());
});

it('leaves the Tab key alone, so that the keyboard can leave the editor', () => {
  expect(Object.keys(keys).filter((key) => /tab/i.test(key))).toEqual([]);
});
