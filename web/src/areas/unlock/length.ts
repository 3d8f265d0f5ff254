/** How long a person's next password must be. */
import type { MeView } from '$lib/engine/types';
import { passwordLengthMin } from '$lib/passwords/rules';

/** Where something else is asked for as well, a password may be shorter: a client's device holds the other half of the key. */
export function lengthMinFor(me: Pick<MeView, 'role' | 'factors'> | null): number {
  const hasSecondStep = me !== null && (me.factors.totp || me.factors.keys > 0);
  return me?.role === 'client' || hasSecondStep ? passwordLengthMin.withSecondStep : passwordLengthMin.alone;
}
