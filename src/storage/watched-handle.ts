/**
 * The file that is watched, kept over a reload. A database of its own: few browsers have such handles, it is opened only
 * where one is watched, and nothing of it is in the first view. Where nothing can be kept, nothing is.
 */
import { deleteDB, openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { KeptHandle, KeptHandles } from '../model/page/page-ports.ts';

/** Whether it is there at all is looked for before any of this is loaded (src/after-first-view.ts). */
export const WATCHED_DATABASE = 'moult-watched-file';
const VERSION = 1;
/** There is one. */
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

  /** Nothing of it stays, so that the next start does not look into it. */
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

/** A database that refuses is no reason to say anything: watching does without. Any other error is a defect of ours. */
function ignore(error: unknown): void {
  if (!(error instanceof DOMException)) throw error;
}
