import { expect, it } from 'vitest';
import type { TypedFields } from '$lib/engine/types';
import { BegunNotes } from './begun';

function fakeEngine() {
  const kept = new Map<string, TypedFields>();
  return { kept, typed: (place: string) => kept.get(place) ?? null, keepTyped: (place: string, fields: TypedFields | null) => void (fields ? kept.set(place, fields) : kept.delete(place)) };
}

it('comes back to the notes of the same session, on the same day only', () => {
  const engine = fakeEngine();
  const first = new BegunNotes(engine, 'cli_1', '2026-11-24');
  expect(first.which('shared')).toEqual({});
  first.name('shared', 'rec_1');
  first.name('private', 'rec_2');
  const again = new BegunNotes(engine, 'cli_1', '2026-11-24');
  expect([again.which('shared'), again.which('private')]).toEqual([{ record: 'rec_1' }, { record: 'rec_2' }]);
  expect(new BegunNotes(engine, 'cli_2', '2026-11-24').which('shared')).toEqual({});
  expect(new BegunNotes(engine, 'cli_1', '2026-11-25').which('shared')).toEqual({});
  again.end();
  expect(engine.kept.size).toBe(0);
});
