/**
 * The file that is watched, kept over a reload. It has a database of its own: few browsers have such handles, it is
 * opened only where a file is watched, and none of its code is in the first view. Where the browser keeps nothing, the
 * file is forgotten on reload.
 */
import { deleteDB, openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { KeptHandle, KeptHandles } from '../model/page/page-ports.ts';

/** src/after-first-view.ts looks whether this database exists before it loads any of this. */
export const WATCHED_DATABASE = 'moult-watched-file';
const VERSION = 1;
/** There is one file, so one key. */
const KEY = 'file';

interface WatchedSchema extends DBSchema {
  file: { key: string; value: KeptHandle };
}

export class WatchedHandle implements KeptHandles {
  readonly #name: string;

  constructor(name = WATCHED_DATABASE) {
    this.#name = name;
  }

  async read(): Promise<KeptHandle | null> {
    return (await this.#with((db) => db.get('file', KEY))) ?? null;
  }

  async write(kept: KeptHandle): Promise<void> {
    await this.#with((db) => db.put('file', kept, KEY));
  }

  /** Deletes the whole database, so that the next start does not open it. */
  async clear(): Promise<void> {
    await deleteDB(this.#name).catch(ignore);
  }

  /** Undefined where the browser keeps nothing for this page: the file is watched until it closes, as before. */
  async #with<T>(work: (db: IDBPDatabase<WatchedSchema>) => Promise<T>): Promise<T | undefined> {
    let db: IDBPDatabase<WatchedSchema> | null = null;
    try {
      db = await openDB<WatchedSchema>(this.#name, VERSION, { upgrade: (made) => void made.createObjectStore('file') });
      return await work(db);
    } catch (error) {
      ignore(error);
      return undefined;
    } finally {
      db?.close();
    }
  }
}

/** A database that refuses is not reported: watching works without it. Any other error is a defect of ours. */
function ignore(error: unknown): void {
  if (!(error instanceof DOMException)) throw error;
}
