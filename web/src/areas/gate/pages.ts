/** Which pages need a person who is signed in, and where each person belongs. Pure; it knows addresses, not areas. */
import type { Role, SessionState } from '$lib/engine/types';

/** Pages that anybody may see, signed in or not. */
const open: readonly string[] = ['/', '/claim', '/sign-in', '/i', '/l'];

/** What stands in front of a page: nothing, a wait, the way to sign in, or the lock. */
export type Gate = 'open' | 'waiting' | 'sign-in' | 'lock';

/** Decides from the address and the session. Set-up begins before anybody can sign in. */
export function gateFor(path: string, session: SessionState['at']): Gate {
  const page = path.length > 1 ? path.replace(/\/+$/, '') : path;
  if (open.includes(page)) return 'open';
  if (session === 'starting') return 'waiting';
  if (session === 'locked') return 'lock';
  if (session === 'signed-out') return page === '/set-up' ? 'open' : 'sign-in';
  return 'open';
}

/** Pages that come before the second step that a practice may ask for. */
const before: readonly string[] = [...open, '/set-up', '/kit'];

/** Whether a page is shown although the practice waits for a second step: joining and set-up end with it themselves. */
export function goesOnWithout(path: string): boolean {
  return before.includes(path.length > 1 ? path.replace(/\/+$/, '') : path);
}

/** The page where a person's day begins. */
export function homePath(role: Role): string {
  return role === 'client' ? '/home' : '/today';
}

/** Where to go after signing in: back to the page that was asked for, if it is one of ours, else home. */
export function pathAfterSignIn(next: string | null, role: Role): string {
  const ours = next !== null && /^\/(?![/\\])/.test(next) && gateFor(next.split(/[?#]/)[0] as string, 'signed-out') === 'sign-in';
  return ours ? next : homePath(role);
}
