/** The local store in IndexedDB. Bodies arrive sealed; nothing here can read them. */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { LocalStore, Put, Table } from '../ports';

interface Schema extends DBSchema {
  device: { key: string; value: unknown };
  spaces: { key: string; value: unknown };
  records: { key: string; value: unknown };
  outbox: { key: string; value: unknown };
  drafts: { key: string; value: unknown };
  transfers: { key: string; value: unknown };
}

const TABLES: readonly Table[] = ['device', 'spaces', 'records', 'outbox', 'drafts', 'transfers'];

/** Versions only ever add. */
const VERSION = 1;

export class IdbStore implements LocalStore {
  readonly #db: IDBPDatabase<Schema>;

  private constructor(db: IDBPDatabase<Schema>) {
    this.#db = db;
  }

  static async open(name = 'alcove'): Promise<IdbStore> {
    const db = await openDB<Schema>(name, VERSION, {
      upgrade(found) {
        for (const table of TABLES) if (!found.objectStoreNames.contains(table)) found.createObjectStore(table);
      },
      // A newer window wants to upgrade: this one lets go; its next call opens nothing and the page says to load again.
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    });
    return new IdbStore(db);
  }

  async read<T>(table: Table, key: string): Promise<T | null> {
    return ((await this.#db.get(table, key)) as T | undefined) ?? null;
  }

  async list<T>(table: Table, prefix: string): Promise<[string, T][]> {
    const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
    const tx = this.#db.transaction(table);
    const [keys, values] = await Promise.all([tx.store.getAllKeys(range), tx.store.getAll(range)]);
    return keys.map((key, i) => [key, values[i] as T]);
  }

  async write(...changes: readonly Put[]): Promise<void> {
    const tables = [...new Set(changes.map(([table]) => table))];
    if (tables.length === 0) return;
    const tx = this.#db.transaction(tables, 'readwrite', { durability: 'strict' });
    for (const [table, key, value] of changes) {
      const store = tx.objectStore(table);
      // A failure aborts the transaction, and `done` tells.
      Promise.resolve(value === null ? store.delete(key) : store.put(value, key)).catch(() => undefined);
    }
    await tx.done;
  }
}
