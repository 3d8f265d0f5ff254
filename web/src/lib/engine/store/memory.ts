/** A local store that lasts as long as the process: for Node and for tests. */
import type { LocalStore, Put, Table } from '../ports';

export class MemoryStore implements LocalStore {
  readonly #tables = new Map<Table, Map<string, unknown>>();

  async read<T>(table: Table, key: string): Promise<T | null> {
    return (this.#table(table).get(key) as T | undefined) ?? null;
  }

  async list<T>(table: Table, prefix: string): Promise<[string, T][]> {
    const found = [...this.#table(table)].filter(([key]) => key.startsWith(prefix)) as [string, T][];
    return found.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  }

  async write(...changes: readonly Put[]): Promise<void> {
    for (const [table, key, value] of changes) {
      if (value === null) this.#table(table).delete(key);
      else this.#table(table).set(key, value);
    }
  }

  #table(table: Table): Map<string, unknown> {
    const known = this.#tables.get(table) ?? new Map<string, unknown>();
    this.#tables.set(table, known);
    return known;
  }
}
