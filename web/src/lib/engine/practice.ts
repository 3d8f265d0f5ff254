/** What the practice says of itself: its name and state, its last backup, its file. Asked each time, kept nowhere. */
import type { Core } from './core';
import type { BackupView, FileTroubleView, PracticeView } from './types';

export async function practice({ api }: Core): Promise<PracticeView> {
  const { name, state, zone, origin, restore_pending: restorePending, version } = await api.practice();
  return { name, state, zone, origin, restorePending, version };
}

export async function lastBackup({ api }: Core): Promise<BackupView | null> {
  const { last } = await api.backups();
  return last && { at: last.at, proved: last.verified };
}

export async function fileTrouble({ api }: Core): Promise<FileTroubleView> {
  const { file_recovered_at: recoveredAt, file_reopened_at: reopenedAt, checked } = await api.backups();
  return { recoveredAt, reopenedAt, checked: checked && { at: checked.ended_at ?? checked.began_at, found: checked.found, findings: checked.findings } };
}
