/**
 * What is typed and not sent yet, by conversation, while people look at another page. Only in memory: it goes away
 * with the lock, as everything readable does.
 */
const typed = new Map<string, string>();

export function unsent(space: string): string {
  return typed.get(space) ?? '';
}

export function keepUnsent(space: string, text: string): void {
  if (text) typed.set(space, text);
  else typed.delete(space);
}

/** Called when the session is no longer open. */
export function forgetUnsent(): void {
  typed.clear();
}
