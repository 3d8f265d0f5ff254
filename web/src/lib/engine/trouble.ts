/**
 * Turns anything that was thrown into facts: a stable code and its arguments. It recognises errors by their fixed names, so it loads no engine
 * code, and holds no words: `tell` of lib/state finds them in `locales`.
 */
import type { Trouble, TroubleArgs } from './types';

interface Known {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly alarm?: unknown;
  readonly code?: unknown;
  readonly title?: unknown;
  readonly detail?: unknown;
  readonly next?: unknown;
  readonly status?: unknown;
  readonly facts?: unknown;
  readonly retryAfter_s?: unknown;
}

const OF_EVERY_ERROR = new Set(['name', 'message', 'stack', 'cause', 'code']);

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Texts and numbers of an error, for the words about it. */
function argsOf(fields: object): TroubleArgs {
  const usable = Object.entries(fields).filter(([name, value]) => !OF_EVERY_ERROR.has(name) && (typeof value === 'string' || typeof value === 'number'));
  return Object.fromEntries(usable) as TroubleArgs;
}

/** The facts of any error. Never throws. */
export function troubleOf(error: unknown): Trouble {
  const known: Known = typeof error === 'object' && error !== null ? error : {};
  const name = text(known.name);
  const rest = { offline: name === 'Offline', alarm: known.alarm === true, retryAfter_s: typeof known.retryAfter_s === 'number' ? known.retryAfter_s : null };
  if (name === 'ApiProblem') {
    const facts = typeof known.facts === 'object' && known.facts !== null ? known.facts : {};
    const said = { title: text(known.title), detail: text(known.detail), next: text(known.next) };
    return { code: text(known.code), args: argsOf({ ...facts, status: known.status }), said, ...rest };
  }
  // Our own refusals say whether they are alarms (or name one): that marks them as ours, whatever their name.
  if (typeof known.alarm === 'boolean' || typeof known.alarm === 'string') return { code: name, args: argsOf(known), said: null, ...rest };
  const what = [name, text(known.message)].filter((part) => part !== '').join(': ');
  return { code: 'unexpected', args: { what: what === '' ? 'none' : what }, said: null, ...rest };
}
