/** Alarms: what stops writing until a person has looked. They are named, kept while the window lives, and found again by the next sync. */
import type { Core } from './core';
import { WritingStopped } from './errors';
import { troubleOf } from './trouble';
import type { AlarmView } from './types';

/** Refusals that are alarms by class, yet also happen between honest devices: shown, without stopping anything. */
const HARMLESS = new Set(['RecordAfterClose', 'RosterCutShort']);

interface Raised {
  readonly space: string | null;
  readonly person?: string | null;
  readonly action?: AlarmView['action'];
  readonly stops?: boolean | undefined;
}

/** Raises an alarm for a refusal; the same one is not raised twice. */
export function raise(core: Core, error: unknown, { space, person = null, action = null, stops }: Raised): AlarmView {
  const { code, args, said } = troubleOf(error);
  const alarm = `${code}/${space ?? 'practice'}/${person ?? ''}`;
  const known = core.alarms.find((found) => found.alarm === alarm);
  if (known) return known;
  const at = new Date(core.ports.clock.now()).toISOString();
  const made: AlarmView = { alarm, code, args, said, space, person, at, stopsWriting: stops ?? !HARMLESS.has(code), action };
  setAlarms(core, [...core.alarms, made]);
  return made;
}

export function clear(core: Core, matches: (alarm: AlarmView) => boolean): void {
  if (core.alarms.some(matches)) setAlarms(core, core.alarms.filter((alarm) => !matches(alarm)));
}

function setAlarms(core: Core, alarms: readonly AlarmView[]): void {
  core.alarms = alarms;
  for (const space of core.spaces.values()) space.alarm = alarms.find(({ space: about, stopsWriting }) => about === space.id && stopsWriting) ?? null;
  core.events.emit('alarms', alarms);
}

/** @throws {@link WritingStopped} where an alarm of the practice or the space stops writing. */
export function requireWritable(core: Core, space: string | null): void {
  const stop = core.alarms.find((alarm) => alarm.stopsWriting && (alarm.space === null || alarm.space === space));
  if (stop) throw new WritingStopped(stop.alarm);
}

export function isAlarm(error: unknown): boolean {
  return (error as { alarm?: unknown } | null)?.alarm === true;
}
