/** A conversation in days, and what a message is about. Pure. */
import type { MessageView, SpaceView } from '$lib/engine/types';
import { nearDayIn, todayIn } from '$lib/i18n';
import type { IconName } from '$lib/ui';
import { titleOf } from '../notes/notes';

export interface Day {
  day: string;
  label: string;
  messages: MessageView[];
}

/** Messages by the reader's days, oldest first. */
export function inDays(messages: readonly MessageView[], zone: string, now: number = Date.now()): Day[] {
  const days: Day[] = [];
  for (const message of messages) {
    const day = todayIn(zone, message.madeAt);
    const last = days[days.length - 1];
    if (last?.day === day) last.messages.push(message);
    else days.push({ day, label: nearDayIn(message.madeAt, zone, now), messages: [message] });
  }
  return days;
}

/** Messages by others that this device has not shown yet. */
export function unreadIn(space: SpaceView, lastReadAt: string | null = space.lastReadAt): MessageView[] {
  return space.messages.filter((message) => !message.mine && (lastReadAt === null || message.at > lastReadAt));
}

/** What a message is about: a note, an action or a file of the same space. */
export interface Subject {
  kind: 'note' | 'action' | 'file';
  title: string;
  icon: IconName;
}

/** Finds it; null when it was removed or has not arrived. */
export function subjectOf(space: SpaceView, record: string, zone: string): Subject | null {
  const note = space.notes.find((one) => one.record === record);
  if (note) return { kind: 'note', title: titleOf(note, zone), icon: 'message-square-text' };
  const action = space.actions.find((one) => one.record === record);
  if (action) return { kind: 'action', title: action.title, icon: 'square-check' };
  const file = space.files.find((one) => one.record === record);
  return file ? { kind: 'file', title: file.name, icon: 'file' } : null;
}
