/** The faces of the engine that are files of their own: each hands out what one part of the product asks the practice for. */
import { activityOf } from './activity';
import type { Core } from './core';
import { devicesOf } from './devices';
import { peopleOf } from './people';
import { recoveryOf } from './recovery';
import { reviewsOf } from './reviews';
import type { Activity, Devices, People, PracticeRecovery, Reviews } from './types';

export interface Faces {
  readonly people: People;
  readonly reviews: Reviews;
  readonly activity: Activity;
  readonly devices: Devices;
  readonly recovery: PracticeRecovery;
}

export function facesOf(core: Core): Faces {
  return { people: peopleOf(core), reviews: reviewsOf(core), activity: activityOf(core), devices: devicesOf(core), recovery: recoveryOf(core) };
}
