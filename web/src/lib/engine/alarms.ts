/**
 * Alarms: what stops writing until a person has looked. They are named, and kept on the device until somebody has acknowledged them, since what was
 * refused may not be found a second time.
 */
import type { Core } from './core';
import { WritingStopped } from './errors';
import { troubleOf } from './trouble';
import type { AlarmView } from './types';

/** Refusals that are alarms by class, yet also happen between honest devices: shown, without stopping anything. */
const HARMLESS = new Set(['RecordAfterClose', 'RecordAfterEnd', 'RosterCutShort']);

interface Raised {
  readonly space: string | null;
  readonly person?: string | null;
  readonly action?: AlarmView['action'];
  readonly stops?: boolean | undefined;
  /** What exactly was found: once a person has acknowledged it, the same raises no alarm again in that space. */
  readonly evidence?: readonly string[];
}

/** As it is kept on the device. */
interface Kept {
  readonly view: AlarmView;
  readonly evidence: readonly string[];
}

const keyOf = (core: Core, alarm: string) => `${core.prefix}alarm/${alarm}`;

/** Raises an alarm for a refusal; the same one is not raised twice. */
export function raise(core: Core, error: unknown, { space, person = null, action = null, stops, evidence = [] }: Raised): AlarmView {
  const { code, args, said } = troubleOf(error);
  const alarm = `${code}/${space ?? 'practice'}/${person ?? ''}`;
  const known = core.alarms.find((found) => found.alarm === alarm);
  const before = core.evidence.get(alarm) ?? [];
  if (known && evidence.every((one) => before.includes(one))) return known;
  const at = new Date(core.ports.clock.now()).toISOString();
  const made: AlarmView = known ?? { alarm, code, args, said, space, person, at, stopsWriting: stops ?? !HARMLESS.has(code), action };
  core.evidence.set(alarm, [...new Set([...before, ...evidence])]);
  if (isAlarm(error) && !HARMLESS.has(code)) keep(core, made);
  if (!known) setAlarms(core, [...core.alarms, made]);
  return made;
}

function keep(core: Core, view: AlarmView): void {
  if (core.account === null) return;
  const row: Kept = { view, evidence: core.evidence.get(view.alarm) ?? [] };
  void core.ports.store.write(['device', keyOf(core, view.alarm), row]);
}

/** Those of the last time, that nobody has acknowledged yet. */
export async function openAlarms(core: Core): Promise<void> {
  const rows = await core.ports.store.list<Kept>('device', keyOf(core, ''));
  const known = new Set(core.alarms.map(({ alarm }) => alarm));
  const kept = rows.map(([, row]) => row).filter(({ view }) => !known.has(view.alarm));
  for (const { view, evidence } of kept) core.evidence.set(view.alarm, evidence);
  if (kept.length > 0) setAlarms(core, [...core.alarms, ...kept.map(({ view }) => view)]);
}

/** The reason is gone, or a person has looked. */
export function clear(core: Core, matches: (alarm: AlarmView) => boolean): void {
  const gone = core.alarms.filter(matches);
  if (gone.length === 0) return;
  if (core.account !== null) void core.ports.store.write(...gone.map(({ alarm }) => ['device', keyOf(core, alarm), null] as const));
  for (const { alarm } of gone) core.evidence.delete(alarm);
  setAlarms(core, core.alarms.filter((alarm) => !matches(alarm)));
}

/** Keys leave: alarms are shown again once they are back. */
export function hideAlarms(core: Core): void {
  core.evidence.clear();
  if (core.alarms.length > 0) setAlarms(core, []);
}

function setAlarms(core: Core, alarms: readonly AlarmView[]): void {
  core.alarms = alarms;
  for (const space of core.spaces.values()) space.alarm = alarms.find(({ space: about, stopsWriting }) => about === space.id && stopsWriting) ?? null;
  core.events.emit('alarms', alarms);
}

/** What stops writing in a space: its own alarms and those of the practice. */
export function stopsIn(core: Core, space: string | null): AlarmView[] {
  return core.alarms.filter((alarm) => alarm.stopsWriting && (alarm.space === null || alarm.space === space));
}

/**
 * @param despite the code of an alarm that does not count here
 * @throws {@link WritingStopped} where an alarm of the practice or the space stops writing.
 */
export function requireWritable(core: Core, space: string | null, despite: string | null = null): void {
  const stop = stopsIn(core, space).find(({ code }) => code !== despite);
  if (stop) throw new WritingStopped(stop.alarm);
}

export function isAlarm(error: unknown): boolean {
  return (error as { alarm?: unknown } | null)?.alarm === true;
}
