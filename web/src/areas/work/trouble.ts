/** What went wrong as one paragraph, for rows that have no room for a notice. */
import { inOne, tell, type Tellable } from '$lib/state';

/** "The practice cannot be reached. Check the connection, then try again." */
export function sentence(trouble: Tellable): string {
  const words = tell(trouble);
  return `${words.title}. ${inOne(words)}`.trim();
}

/** The same without why: what happened, and what to do. */
export function shortSentence(trouble: Tellable): string {
  const { title, next } = tell(trouble);
  return `${title}. ${next}`.trim();
}
