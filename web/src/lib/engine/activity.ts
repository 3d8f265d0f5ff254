/** What happened to the account since this device has shown it. What was shown is remembered on the device: a number, nothing else. */
import type { Core } from './core';
import type { Activity, ActView } from './types';

/** Looked at in one go; whoever was away longer finds the rest on the page itself. */
const LOOKED_AT = 50;

const seenKey = (core: Core) => `${core.prefix}seen-activity`;

export function activityOf(core: Core): Activity {
  return {
    page: (before) => core.api.activity(before, null),
    fresh: () => newActivity(core),
    seen: (n) => seenActivity(core, n),
    of: (person, before) => core.api.activityOf(person, before),
  };
}

/** A device that looks for the first time begins there: its own sign-in is no news to it. */
export async function newActivity(core: Core): Promise<ActView[]> {
  const { acts } = await core.api.activity(null, LOOKED_AT);
  const newest = acts[0]?.n ?? 0;
  const seen = await core.ports.store.read<number>('device', seenKey(core));
  if (seen === null) {
    await seenActivity(core, newest);
    return [];
  }
  return acts.filter(({ n }) => n > seen);
}

export async function seenActivity(core: Core, n: number): Promise<void> {
  const seen = (await core.ports.store.read<number>('device', seenKey(core))) ?? 0;
  if (n > seen) await core.ports.store.write(['device', seenKey(core), n]);
}
