/**
 * What a person has typed in set-up so far, kept for this tab so that a reload loses nothing. Never a password, a code
 * or a kit.
 */

export type SetUpStep = 'practice' | 'sign-in' | 'kits' | 'second';

/** The last only where the practice asks for a second step. */
export const setUpSteps: readonly SetUpStep[] = ['practice', 'sign-in', 'kits', 'second'];

export interface SetUpDraft {
  step: SetUpStep;
  practice: string;
  zone: string;
  name: string;
  email: string;
}

const place = 'alcove-set-up';

/** What was typed in this tab before, over the given beginning. */
export function readDraft(beginning: SetUpDraft, store: Storage = sessionStorage): SetUpDraft {
  try {
    const kept: unknown = JSON.parse(store.getItem(place) ?? '{}');
    return merged(beginning, kept as Partial<Record<keyof SetUpDraft, unknown>>);
  } catch {
    return beginning;
  }
}

/** Keeps what is typed now. */
export function keepDraft(draft: SetUpDraft, store: Storage = sessionStorage): void {
  try {
    store.setItem(place, JSON.stringify(draft));
  } catch {
    // Private windows may refuse: then the draft lasts until the page closes.
  }
}

/** Forgets it: the practice has its own copy now. */
export function dropDraft(store: Storage = sessionStorage): void {
  store.removeItem(place);
}

function merged(beginning: SetUpDraft, kept: Partial<Record<keyof SetUpDraft, unknown>>): SetUpDraft {
  const text = (key: 'practice' | 'zone' | 'name' | 'email') => {
    const value = kept[key];
    return typeof value === 'string' ? value : beginning[key];
  };
  // The kits step comes from the engine, never from the draft.
  const step = kept.step === 'sign-in' ? 'sign-in' : beginning.step;
  return { step, practice: text('practice'), zone: text('zone'), name: text('name'), email: text('email') };
}
