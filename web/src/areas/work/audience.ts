/**
 * Who can read something, in words, from the verified members of a space. It must not ask anybody else: what a server
 * lists is not an audience.
 */
import type { SpaceView } from '$lib/engine/types';
import { shortDayIn, t } from '$lib/i18n';
import { firstName, listed, shortNames } from './names';
import { myZone } from './zone';

/** What an audience chip shows. */
export interface Audience {
  who: string;
  /** Only the reader. */
  only: boolean;
}

/** Who reads what stands in this space. `invited` names the person an open invite was made for. */
export function audienceOf(space: Pick<SpaceView, 'others' | 'invited' | 'guests'>, invited: string | null = null): Audience {
  const others = shortNames(space.others).map((short, index) => withEnd(short, space.guests.find(({ name }) => name === space.others[index])));
  if (others.length === 0) {
    if (!space.invited) return { who: t('audience-only'), only: true };
    return { who: invited ? t('audience-invited', { name: firstName(invited) }) : t('audience-link'), only: false };
  }
  return { who: listed([t('audience-you'), ...others]), only: false };
}

/** Somebody whose time ends is named with the day. */
function withEnd(name: string, guest: SpaceView['guests'][number] | undefined): string {
  if (!guest) return name;
  return t(`audience-${guest.role}`, { name, day: shortDayIn(guest.until, myZone()) });
}

/** Who reads a draft: its author, until it is shared. */
export function draftAudience(): Audience {
  return { who: t('audience-until-shared'), only: true };
}
