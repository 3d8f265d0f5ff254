/** What other people did in a space, newest first. Made from opened records on this device. Pure. */
import type { ClientView, SpaceView } from '$lib/engine/types';
import { t } from '$lib/i18n';
import { href } from '$lib/router/href';
import { visibleName } from '../files/names';
import { firstName } from '../work/names';

export interface Happened {
  key: string;
  who: string;
  words: string;
  at: string;
  href: string;
}

/** Messages, files and done actions of others. */
export function happenedIn(space: SpaceView, { client }: Pick<ClientView, 'client'>): Happened[] {
  const nameOf = (person: string) => space.members.find((member) => member.person === person && !member.you)?.name ?? null;
  const messages = space.messages.filter(({ mine }) => !mine).map((one): Happened => ({
    key: one.record, who: one.authorName, at: one.madeAt, words: t('happened-message', { name: firstName(one.authorName) }), href: href('/clients/:client/messages', { client }),
  }));
  const files = space.files.filter(({ mine }) => !mine).map((one): Happened => ({
    key: one.record, who: one.authorName, at: one.madeAt, words: t('happened-file', { name: firstName(one.authorName), file: visibleName(one.name) }), href: href('/clients/:client/files', { client }),
  }));
  const actions = space.actions.flatMap((one): Happened[] => {
    const who = one.done ? nameOf(one.done.by) : null;
    if (!one.done || !who) return [];
    return [{ key: one.record, who, at: one.done.at, words: t('happened-action', { name: firstName(who), action: one.title }), href: href('/clients/:client/actions', { client }) }];
  });
  return [...messages, ...files, ...actions].sort((a, b) => b.at.localeCompare(a.at));
}

/** Those after an instant; all for a first visit. */
export function since(happened: readonly Happened[], lastVisitAt: string | null): Happened[] {
  return happened.filter(({ at }) => lastVisitAt === null || at > lastVisitAt);
}
