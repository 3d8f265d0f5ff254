/** The notes of one client for the coach, and the words for their state. Pure. */
import type { DraftSaved, NoteView, SpaceView } from '$lib/engine/types';
import { civilDay, clockBare, dayAndClockIn, nearDayIn, t } from '$lib/i18n';

/** How far a note is. */
export type NoteState = 'private' | 'private-draft' | 'draft' | 'shared' | 'changed';

/** A coach's own note, with its state; or one that only stands in the shared space. */
export interface ListedNote {
  note: NoteView;
  state: NoteState;
}

export function stateOf(note: NoteView): NoteState {
  if (note.private) return note.state === 'draft' ? 'private-draft' : 'private';
  if (note.sharedFrom) return 'shared';
  if (!note.sharedAs) return 'draft';
  return note.sharedAs.stale ? 'changed' : 'shared';
}

/** Own notes and those shared ones that have no own note behind them here, newest first. */
export function notesOf(own: SpaceView | null, shared: SpaceView | null): ListedNote[] {
  const mine = own?.notes ?? [];
  const behind = new Set(mine.map(({ record }) => record));
  const others = (shared?.notes ?? []).filter(({ sharedFrom }) => !sharedFrom || !behind.has(sharedFrom.id));
  const all = [...mine.map((note) => ({ note, state: stateOf(note) })), ...others.map((note) => ({ note, state: 'shared' as const }))];
  return all.sort((a, b) => dateOf(b.note).localeCompare(dateOf(a.note)) || b.note.madeAt.localeCompare(a.note.madeAt));
}

/** Those that still ask for something: drafts, and shared ones that were changed since. */
export function toFinish(notes: readonly ListedNote[]): ListedNote[] {
  return notes.filter(({ state }) => state === 'draft' || state === 'private-draft' || state === 'changed');
}

/** The title, or the day where there is none. */
export function titleOf(note: Pick<NoteView, 'title' | 'session_on' | 'madeAt' | 'private'>, zone: string): string {
  if (note.title.trim()) return note.title;
  const day = note.session_on ? civilDay(note.session_on) : nearDayIn(note.madeAt, zone);
  return t(note.private ? 'note-private-of' : 'note-of', { day });
}

/** "Draft · Today, 18:04 (Berlin)". */
export function stateWords({ note, state }: ListedNote, zone: string): string {
  const when = dayAndClockIn(note.at, zone);
  const ids = { 'private': 'note-is-private', 'private-draft': 'note-is-draft', 'draft': 'note-is-draft', 'shared': 'note-is-shared', 'changed': 'note-is-changed' } as const;
  return t(ids[state], { when });
}

/** The save state beside the editor: "Saved on this device 18:04". */
export function savedWords(saved: DraftSaved, zone: string, offline: boolean): string {
  const time = saved.at ? clockBare(saved.at, zone) : '';
  if (saved.state === 'empty') return t('saved-empty');
  if (saved.state === 'typing') return t('saved-typing');
  if (saved.state === 'uploaded') return time ? t('saved-sent', { time }) : t('saved-sent-before');
  return t(offline ? 'saved-device-offline' : 'saved-device', { time });
}

function dateOf(note: NoteView): string {
  return note.session_on ?? note.madeAt.slice(0, 10);
}
