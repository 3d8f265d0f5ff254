/** All revisions of a note, newest first, as they were signed. */
import type { Core } from './core';
import type { Space } from './space';
import type { NoteView } from './types';
import { noteBody } from './views';

export async function noteHistory(core: Core, space: Space, record: string): Promise<NoteView[]> {
  const me = core.open().account.person;
  const revisions = space.records.get(record) ?? [];
  const first = revisions[0]?.opened.header;
  return revisions.toReversed().flatMap(({ opened: { header }, content }): NoteView[] => {
    if (content.kind !== 'note') return [];
    const { id, rev, author, ts } = header;
    const base = { space: space.id, record: id, rev, author, authorName: space.nameOf(author), mine: first?.author === me, at: ts, madeAt: first?.ts ?? ts };
    return [{ ...base, ...noteBody(content.body), kind: 'note', sending: 'sent', refusal: null, conflict: null, sharedFrom: content.body.shared_from, sharedAs: null }];
  });
}
