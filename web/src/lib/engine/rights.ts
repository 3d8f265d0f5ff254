/** What a person may do here, as the practice says it. It only decides what a screen offers: the practice decides again. */
import type { MeView, Right } from './types';

export function may(me: Pick<MeView, 'rights'> | null, right: Right): boolean {
  return me?.rights.includes(right) ?? false;
}
