/** Acts on an account in words, and which of them a person should be told of. Pure. */
import type { ActView } from '$lib/engine/types';
import { clockIn, hasText, nearDayIn, t, todayIn } from '$lib/i18n';
import type { IconName } from '$lib/ui';

/** The codes that have words of their own are those with a text `act-<code>`. */
const textOf = (code: string) => `act-${code.replaceAll('.', '-')}`;

export const factOf = (act: ActView, name: string) => act.facts.find((fact) => fact.name === name)?.value ?? null;

/** What happened, as a sentence. */
export function wordsOf(act: ActView): string {
  const device = act.device ?? t('act-device-unknown');
  if (act.code === 'session.opened' && factOf(act, 'new_device') === 'true') return t('act-session-opened-new', { device });
  const id = textOf(act.code);
  return hasText(id) ? t(id, { device }) : t('act-other', { code: act.code });
}

/** At what time, by whom, how and from where. */
export function detailOf(act: ActView, zone: string): string {
  const kind = factOf(act, 'kind');
  const way = kind !== null && hasText(`act-kind-${kind}`) ? t(`act-kind-${kind}`) : null;
  const by = act.by === 'operator' ? t('my-access-operator') : act.by === 'person' ? t('my-access-by', { name: act.name ?? t('my-access-unknown-name') }) : null;
  const before = factOf(act, 'from');
  const moved = act.code === 'anomaly.session-moved' && before !== null ? t('my-access-before', { network: before }) : null;
  const reason = factOf(act, 'reason');
  const from = act.network === null ? null : t('my-access-network', { network: act.network });
  return [clockIn(act.at, zone), by, way, from, moved, reason === null ? null : t('my-access-reason', { reason })].filter((part) => part !== null).join(' · ');
}

export function iconOf({ code, part }: ActView): IconName {
  if (code.endsWith('failed') || code === 'sign-in.refused' || code.startsWith('anomaly.')) return 'triangle-alert';
  if (code.startsWith('recovery.')) return 'life-buoy';
  if (part === 'touched') return 'user-round';
  if (code.startsWith('slot.') || code.startsWith('kit.') || code.startsWith('factor.')) return 'key-round';
  return code === 'session.ended' ? 'log-out' : 'monitor-smartphone';
}

/** What happened on one day, with the day in words. */
export interface Day<T> {
  day: string;
  words: string;
  acts: T[];
}

export function byDay<T extends { readonly at: string }>(acts: readonly T[], zone: string): Day<T>[] {
  const days: Day<T>[] = [];
  for (const act of acts) {
    const day = todayIn(zone, act.at);
    const last = days.at(-1);
    if (last?.day === day) last.acts.push(act);
    else days.push({ day, words: nearDayIn(act.at, zone), acts: [act] });
  }
  return days;
}

/** Somebody came in on a new device. */
export function isSignIn(act: ActView): boolean {
  return act.part === 'own' && act.code === 'session.opened' && factOf(act, 'new_device') === 'true';
}

/** What a person is told of without looking: a sign-in on a new device, what looks unusual, and what others did to their account. */
export function isNews(act: ActView): boolean {
  if (act.code.startsWith('anomaly.')) return true;
  if (act.part === 'touched') return ['person.', 'factor', 'recovery.'].some((begin) => act.code.startsWith(begin));
  return isSignIn(act);
}

/** Of news, newest first, what is shown: a sign-in before anything else, since it asks something. */
export function toAsk(news: readonly ActView[]): ActView | null {
  return news.find(isSignIn) ?? news[0] ?? null;
}
