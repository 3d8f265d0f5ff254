/** What the writing surface is made of beside its text: typing rules, keys, history. */
import { history } from 'prosemirror-history';
import { keymap } from 'prosemirror-keymap';
import type { Command, Plugin } from 'prosemirror-state';
import { keys } from './commands';
import { typingRules } from './rules';

/** Stands between the keys and the component that asks for a link, so that neither holds the other. */
export interface LinkKey {
  ask: Command;
}

/** The component is gone. */
export function letGo(link: LinkKey): void {
  link.ask = askNobody;
}

/** Outside of every component: a function made inside one holds all of it. */
const askNobody: Command = () => false;

/** The history's library remembers the last list it was given: nothing in it may hold a component, whose text would outlive a lock. */
export function pluginsFor(link: LinkKey): Plugin[] {
  return [typingRules(), keymap({ ...keys, 'Mod-k': (state, dispatch, view) => link.ask(state, dispatch, view) }), history()];
}
