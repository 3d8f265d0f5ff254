/** Where the changes of an action are kept while they are typed. */
import type { ActionView, Engine } from '$lib/engine/types';

export function editPlace({ record }: ActionView): string {
  return `action-edit/${record}`;
}

/** The action that was being changed when the lock came or the page was loaded anew. */
export function begunEdit(engine: Pick<Engine, 'typed'>, actions: readonly ActionView[]): ActionView | null {
  return actions.find((action) => engine.typed(editPlace(action)) !== null) ?? null;
}
