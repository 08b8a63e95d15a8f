/** One store of the database, with a copy of what it was last seen to hold. */
import type { StoreKey, StoreValue } from 'idb';
import type { Database, MoultSchema } from './database.ts';

/**
 * The database counts as long as it answers. Where it is full, closed for a newer version, or gone, the page goes on
 * with what it has read and changed; `trouble` is called each time. Never rejects.
 */
export class Mirror<Name extends 'devices' | 'vault' | 'keys'> {
  readonly #db: Database;
  readonly #name: Name;
  readonly #trouble: (error: unknown) => void;
  readonly #seen = new Map<StoreKey<MoultSchema, Name>, StoreValue<MoultSchema, Name>>();
  /** Keys of changes that the database refused: for these the copy counts. */
  readonly #unsaved = new Set<StoreKey<MoultSchema, Name>>();

  constructor(db: Database, name: Name, trouble: (error: unknown) => void) {
    this.#db = db;
    this.#name = name;
    this.#trouble = trouble;
  }

  async get(key: StoreKey<MoultSchema, Name>): Promise<StoreValue<MoultSchema, Name> | undefined> {
    if (this.#unsaved.has(key)) return this.#seen.get(key);
    try {
      const value = await this.#db.get(this.#name, key);
      // A change may have been refused meanwhile.
      if (!this.#unsaved.has(key)) this.see(key, value);
    } catch (error) {
      this.#trouble(error);
    }
    return this.#seen.get(key);
  }

  /** Every value, in no order; `keyOf` reads the key of a value. */
  async all(
    keyOf: (value: StoreValue<MoultSchema, Name>) => StoreKey<MoultSchema, Name>,
  ): Promise<StoreValue<MoultSchema, Name>[]> {
    try {
      const values = await this.#db.getAll(this.#name);
      for (const key of this.#seen.keys()) if (!this.#unsaved.has(key)) this.#seen.delete(key);
      for (const value of values) if (!this.#unsaved.has(keyOf(value))) this.see(keyOf(value), value);
    } catch (error) {
      this.#trouble(error);
    }
    return Array.from(this.#seen.values());
  }

  /** Several at once, all or none: an import must not stop halfway. */
  async put(
    entries: readonly (readonly [key: StoreKey<MoultSchema, Name>, value: StoreValue<MoultSchema, Name>])[],
  ): Promise<void> {
    for (const [key, value] of entries) this.see(key, value);
    await this.#change(
      entries.map(([key]) => key),
      async () => {
        const transaction = this.#db.transaction(this.#name, 'readwrite');
        await Promise.all([...entries.map(([, value]) => transaction.store.put(value)), transaction.done]);
      },
    );
  }

  async remove(key: StoreKey<MoultSchema, Name>): Promise<void> {
    this.#seen.delete(key);
    await this.#change([key], () => this.#db.delete(this.#name, key));
  }

  /** Notes a value that the caller read or wrote in a transaction of its own. */
  see(key: StoreKey<MoultSchema, Name>, value: StoreValue<MoultSchema, Name> | undefined): void {
    if (value === undefined) this.#seen.delete(key);
    else this.#seen.set(key, value);
  }

  async #change(keys: readonly StoreKey<MoultSchema, Name>[], change: () => Promise<void>): Promise<void> {
    try {
      await change();
      for (const key of keys) this.#unsaved.delete(key);
    } catch (error) {
      for (const key of keys) this.#unsaved.add(key);
      this.#trouble(error);
    }
  }
}
