/** Two devices changed one record: typed records merge by field, notes wait for a person. Pure. */
import type { ActionContent, Content } from './bodies';
import { mergePins } from './pins';

export type Merged = { readonly content: Content } | 'conflict';

/**
 * Merges what this device wrote (`mine`, over `base`) with what stands at the practice now (`theirs`).
 * A field that only one side changed keeps that change; where both did, the one who writes last stands, as the other can still see and mend it.
 */
export function merge(base: Content | null, mine: Content, theirs: Content): Merged {
  // A deletion stands against an edit of what is gone, and a deletion by this device is meant.
  if (mine.kind === 'tombstone') return { content: mine };
  if (theirs.kind === 'tombstone') return mine.kind === 'note' ? { content: mine } : { content: theirs };
  if (mine.kind === 'pins' && theirs.kind === 'pins') return { content: { kind: 'pins', body: mergePins(mine.body, theirs.body) } };
  if (mine.kind === 'action' && theirs.kind === 'action') {
    return { content: { kind: 'action', body: mergeAction(base?.kind === 'action' ? base.body : null, mine.body, theirs.body) } };
  }
  if (mine.kind === 'note' && theirs.kind === 'note') return sameText(mine, theirs) ? { content: mine } : 'conflict';
  return { content: mine };
}

function mergeAction(base: ActionContent | null, mine: ActionContent, theirs: ActionContent): ActionContent {
  const pick = <K extends keyof ActionContent>(field: K): ActionContent[K] => {
    const isMine = base === null || JSON.stringify(mine[field]) !== JSON.stringify(base[field]);
    return isMine ? mine[field] : theirs[field];
  };
  const done = pick('done');
  // Completing twice keeps the first date.
  const first = done !== null && theirs.done !== null && theirs.done.at < done.at ? theirs.done : done;
  return { title: pick('title'), detail: pick('detail'), due_on: pick('due_on'), done: first, dropped: pick('dropped') };
}

function sameText(a: Content & { kind: 'note' }, b: Content & { kind: 'note' }): boolean {
  const text = ({ body: { title, session_on, doc } }: Content & { kind: 'note' }) => JSON.stringify([title, session_on, doc]);
  return text(a) === text(b);
}
