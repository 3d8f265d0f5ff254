/** How long a person's next password must be. */
import type { MeView } from '$lib/engine/types';
import { passwordLengthMin } from '$lib/passwords/rules';

/** Where something else is asked for as well, a password may be shorter: a client's device holds the other half of the key. */
export function lengthMinFor(me: Pick<MeView, 'role'> | null): number {
  return me?.role === 'client' ? passwordLengthMin.withSecondStep : passwordLengthMin.alone;
}
