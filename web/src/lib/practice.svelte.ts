/** What the server says openly about the practice: its name, zone and state. Nothing here is secret. */
import type { PasswordProfile } from './passwords/rules';

export interface Practice {
  name: string | null;
  state: 'unclaimed' | 'claimed' | 'active';
  zone: string | null;
  origin: string | null;
  restore_pending: boolean;
  version: string;
  /** What the practice asks of a password; left out by one that asks nothing special. */
  password_profile?: PasswordProfile;
}

const known = $state<{ practice: Practice | null }>({ practice: null });

/** The practice as last fetched, or null before the first answer. */
export function practice(): Practice | null {
  return known.practice;
}

/** What a new password must have, as far as the practice has said. */
export function passwordProfile(): PasswordProfile {
  return known.practice?.password_profile === 'strict' ? 'strict' : 'nist';
}

/** Asks the server. @throws Error when it does not answer, or not as a practice does. */
export async function fetchPractice(): Promise<Practice> {
  const answer = await fetch('/api/v1/practice', { headers: { Accept: 'application/json' } });
  if (!answer.ok) throw new Error(`The practice answered ${answer.status}`);
  const found: unknown = await answer.json();
  if (!isPractice(found)) throw new Error('The answer is not a practice');
  known.practice = found;
  return found;
}

function isPractice(value: unknown): value is Practice {
  const state = (value as Practice | null)?.state;
  return state === 'unclaimed' || state === 'claimed' || state === 'active';
}
