/** Reviews of who has access, as screens know them. */
import type { Review, Reviews } from '$lib/api';
import type { ReviewLineView, ReviewsView, ReviewView } from './types';

export function reviewsView({ reviews, due_at: dueAt }: Reviews): ReviewsView {
  return { reviews: reviews.map(reviewView), dueAt };
}

export function reviewView({ review, opened_at: openedAt, due_at: dueAt, by, lines, signed_by: signedBy, signed_at: signedAt }: Review): ReviewView {
  return { review, openedAt, dueAt, by, lines: lines.map(lineView), signedBy, signedAt };
}

function lineView({ person, name, role, role_name: roleName, rights, visited_at: visitedAt, state, passkeys, password, decision }: Review['lines'][number]): ReviewLineView {
  return { person, name, role, roleName, rights, visitedAt, state: state as ReviewLineView['state'], passkeys, password, decision };
}
