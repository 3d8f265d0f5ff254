/**
 * The words for what went wrong: what happened, why, and what to do next, by the stable code. Codes that we have no words for say what the
 * practice said of them. It must not decide anything.
 */
import type { Trouble } from '$lib/engine/types';
import { troubleOf } from '$lib/engine/trouble';
import { hasText, t, type TextArgs } from '$lib/i18n';

export interface Words {
  readonly title: string;
  readonly detail: string;
  readonly next: string;
}

/** A trouble with its words. */
export type Told = Trouble & Words;

/** What `tell` needs to know; alarms have it, too. */
export type Tellable = Pick<Trouble, 'code' | 'args' | 'said'> & Partial<Pick<Trouble, 'retryAfter_s'>>;

/** Words for any error. Never throws. */
export function describe(error: unknown): Told {
  const trouble = troubleOf(error);
  return { ...trouble, ...tell(trouble) };
}

/** Words for what the engine found. */
export function tell({ code, args, said, retryAfter_s = null }: Tellable): Words {
  const given = { what: 'none', said: said?.detail ?? '', wait: retryAfter_s ?? 0, ...args };
  if (hasText(`trouble-${code}`)) return wordsOf(`trouble-${code}`, given);
  if (said && said.title !== '') return { ...said, detail: said.detail === said.title ? '' : said.detail };
  return wordsOf('trouble-unexpected', { ...given, what: given.what === 'none' && code !== 'unexpected' ? code : given.what });
}

/** All of it in one paragraph, without the title. */
export function inOne({ detail, next }: Words): string {
  return [detail, next].filter((part) => part !== '').join(' ');
}

function wordsOf(id: string, args: TextArgs): Words {
  const part = (name: string) => (hasText(name) ? t(name, args) : '');
  return { title: t(id, args), detail: part(`${id}.detail`), next: part(`${id}.next`) };
}
