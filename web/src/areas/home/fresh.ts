/** What is new for a client: what others wrote since the last visit, and messages not shown yet. Pure. */
import type { SpaceView } from '$lib/engine/types';
import { t } from '$lib/i18n';
import { href } from '$lib/router/href';
import type { IconName } from '$lib/ui';
import { visibleName } from '../files/names';
import { unreadIn } from '../messages/stream';
import { titleOf } from '../notes/notes';

export interface Fresh {
  key: string;
  title: string;
  at: string;
  icon: IconName;
  href: string;
}

/** Newest first. */
export function freshIn(space: SpaceView, lastVisitAt: string | null, zone: string): Fresh[] {
  const isNew = ({ mine, at }: { mine: boolean; at: string }) => !mine && (lastVisitAt === null || at > lastVisitAt);
  const notes = space.notes.filter(isNew).map((note): Fresh => ({
    key: note.record, at: note.at, icon: 'file-text', href: href('/notes/:note', { note: note.record }),
    title: t(note.rev > 1 ? 'fresh-note-changed' : 'fresh-note', { title: titleOf(note, zone) }),
  }));
  const files = space.files.filter(isNew).map((file): Fresh => ({ key: file.record, at: file.at, icon: 'file', href: href('/space/files'), title: t('fresh-file', { name: visibleName(file.name) }) }));
  const unread = unreadIn(space);
  const last = unread.at(-1);
  const messages: Fresh[] = last ? [{ key: 'messages', at: last.at, icon: 'message-square-text', href: href('/messages'), title: t('fresh-messages', { count: unread.length }) }] : [];
  return [...notes, ...files, ...messages].sort((a, b) => b.at.localeCompare(a.at));
}
