import { beforeAll, describe, expect, it } from 'vitest';
import type { MeView, ReviewLineView, ReviewView } from '$lib/engine/types';
import { loadTexts } from '$lib/i18n';
import { mayDecide, mayReview, meaningOf, rightsWords, roleWords, toDo, undecided, waysWords } from './review';

beforeAll(() => loadTexts(['review']));

const line = (change: Partial<ReviewLineView>): ReviewLineView => ({
  person: 'per_1', name: 'Ada', role: 'practitioner', roleName: null, rights: ['sign-in', 'manage-clients'], visitedAt: '2026-11-24T10:00:00Z', state: 'active', passkeys: 2, password: true, decision: null, ...change,
});
const decided = (choice: 'keep' | 'change' | 'suspend') => ({ choice, note: null, by: 'Maya', byThemselves: false, at: '2026-11-24T10:00:00Z' });
const review = (...lines: ReviewLineView[]): ReviewView => ({ review: 'rev_1', openedAt: '', dueAt: '', by: 'Maya', lines, signedBy: null, signedAt: null });

describe('a line', () => {
  it('says role, rights beyond everybody’s, and ways to sign in', () => {
    expect(roleWords(line({}))).toBe('Practitioner');
    expect(roleWords(line({ role: 'rol_1', roleName: 'Front desk' }))).toBe('Front desk');
    expect(rightsWords(line({}))).toBe('Coach clients');
    expect(rightsWords(line({ rights: ['sign-in'] }))).toContain('own account');
    expect(waysWords(line({}))).toBe('2 passkeys, Password');
    expect(waysWords(line({ passkeys: 0, password: false }))).toBe('Nothing');
  });
});

describe('a review', () => {
  it('is undecided as long as somebody active is', () => {
    expect(undecided(review(line({}), line({ state: 'suspended' }), line({ decision: decided('keep') })))).toBe(1);
  });

  it('leaves to do what was decided and is not so', () => {
    const lines = [line({ decision: decided('keep') }), line({ decision: decided('suspend') }), line({ decision: decided('suspend'), state: 'suspended' }), line({ decision: decided('change') })];
    expect(toDo(review(...lines))).toHaveLength(2);
  });

  it('is decided on oneself only where nobody else could', () => {
    const [me, other] = [line({ person: 'per_1', rights: ['review-access'] }), line({ person: 'per_2', rights: ['review-access'] })];
    expect(mayDecide(review(me, other), me, 'per_1')).toBe(false);
    expect(mayDecide(review(me, other), other, 'per_1')).toBe(true);
    expect(mayDecide(review(me, { ...other, state: 'suspended' }), me, 'per_1')).toBe(true);
    expect(mayDecide(review(me, { ...other, rights: [] }), me, 'per_1')).toBe(true);
  });

  it('is for those who may', () => {
    const me = (role: string, rights?: string[]) => ({ role, rights }) as unknown as MeView;
    expect([mayReview(null), mayReview(me('owner')), mayReview(me('practitioner')), mayReview(me('rol_1', ['review-access']))]).toEqual([false, true, false, true]);
  });
});

describe('keys', () => {
  it('decide and go on', () => {
    expect(['k', 'K', 'c', 's', 'ArrowDown', 'ArrowUp', 'x', 'Enter'].map(meaningOf)).toEqual(['keep', 'keep', 'change', 'suspend', 'next', 'previous', null, null]);
  });
});
