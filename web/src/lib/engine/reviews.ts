/** Reviews of who has access, as screens know them. */
import type { Review, Reviews as Answered } from '$lib/api';
import type { Core } from './core';
import type { ReviewLineView, Reviews, ReviewsView, ReviewView } from './types';

export function reviewsOf({ api }: Core): Reviews {
  return {
    list: async () => reviewsView(await api.reviews()),
    open: async () => reviewView(await api.openReview()),
    decide: async (review, person, choice, note) => reviewView(await api.decideReview(review, person, { choice, note: note.trim() || null })),
    sign: async (review) => reviewView(await api.signReview(review)),
  };
}

function reviewsView({ reviews, due_at: dueAt }: Answered): ReviewsView {
  return { reviews: reviews.map(reviewView), dueAt };
}

function reviewView({ review, opened_at: openedAt, due_at: dueAt, by, lines, signed_by: signedBy, signed_at: signedAt }: Review): ReviewView {
  return { review, openedAt, dueAt, by, lines: lines.map(lineView), signedBy, signedAt };
}

function lineView({ person, name, role, role_name: roleName, rights, visited_at: visitedAt, state, passkeys, password, decision }: Review['lines'][number]): ReviewLineView {
  const decided = decision && { choice: decision.choice, note: decision.note, by: decision.by, byThemselves: decision.by_themselves, at: decision.at };
  return { person, name, role, roleName, rights, visitedAt, state: state as ReviewLineView['state'], passkeys, password, decision: decided };
}
