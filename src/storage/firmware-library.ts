import type { IDBPTransaction } from 'idb';
import type { FirmwareRecord, KeepResult } from '../model/firmware/firmware-record.ts';
import type { Database, MoultSchema } from './database.ts';
import { byAdded, LIBRARY_CAP_BYTES, makeRoom, renewed } from './library-room.ts';
import type { NeededFirmware } from './library-room.ts';

export interface LibraryOptions {
  readonly needed: NeededFirmware;
  /** Bytes of all files together. */
  readonly capBytes?: number;
  /** Called once the first file is in the library, so that the browser does not evict it; may prompt the person. */
  readonly persist?: () => Promise<unknown>;
  /** Called with errors that change nothing for the caller. */
  readonly trouble: (error: unknown) => void;
}

type KeepTransaction = IDBPTransaction<MoultSchema, ('firmware' | 'firmware-bytes')[], 'readwrite'>;

function undo(transaction: KeepTransaction): void {
  try {
    transaction.abort();
  } catch (error) {
    // The transaction has ended already, and there is nothing left to undo.
    if (!(error instanceof DOMException && error.name === 'InvalidStateError')) throw error;
  }
}

/** The firmware library, in the database: files once each, under their SHA-256. */
export class IndexedFirmwareLibrary {
  readonly #db: Database;
  readonly #options: LibraryOptions;

  constructor(db: Database, options: LibraryOptions) {
    this.#db = db;
    this.#options = options;
  }

  /** All records, latest first; reads no bytes of files. */
  async list(): Promise<readonly FirmwareRecord[]> {
    return (await this.#db.getAll('firmware')).sort(byAdded);
  }

  /** The bytes of a firmware; null where the library no longer has it or the browser cannot read it back. */
  async bytes(sha256: string): Promise<Uint8Array<ArrayBuffer> | null> {
    try {
      const row = await this.#db.get('firmware-bytes', sha256);
      return row === undefined ? null : new Uint8Array(await row.bytes.arrayBuffer());
    } catch (error) {
      // Closed for a newer version, or by the browser.
      if (error instanceof DOMException && error.name === 'InvalidStateError') {
        this.#options.trouble(error);
        return null;
      }
      // The browser has lost the file behind the record: to the caller, the file is not there.
      if (error instanceof DOMException && (error.name === 'NotReadableError' || error.name === 'NotFoundError')) {
        this.#options.trouble(error);
        // Removed, so that the same file is written again when it is dropped again.
        await this.#db.delete('firmware-bytes', sha256);
        return null;
      }
      throw error;
    }
  }

  /**
   * Keeps a file under its hash. The record, the bytes and the removal of other files (none of `spare`) happen together
   * or not at all.
   */
  async keep(
    record: FirmwareRecord,
    bytes: Uint8Array<ArrayBuffer>,
    spare: ReadonlySet<string> = new Set(),
  ): Promise<KeepResult> {
    try {
      const needed = new Set([...(await this.#options.needed()), ...spare]);
      const transaction = this.#db.transaction(['firmware', 'firmware-bytes'], 'readwrite');
      // `done` is awaited where the work is done; its rejection must not be unhandled here as well.
      transaction.done.catch(() => undefined);
      try {
        return await this.#keepIn(transaction, needed, record, bytes);
      } catch (error) {
        undo(transaction);
        throw error;
      }
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      if (error.name === 'QuotaExceededError') return { kind: 'quota' };
      // The database went away, or this browser takes no Blob in it: the file still serves this page.
      this.#options.trouble(error);
      return { kind: 'unavailable' };
    }
  }

  async rename(sha256: string, label: string | null): Promise<void> {
    await this.#change(sha256, (record) => ({ ...record, label }));
  }

  async pin(sha256: string, pinned: boolean): Promise<void> {
    await this.#change(sha256, (record) => ({ ...record, pinned }));
  }

  async remove(sha256: string): Promise<void> {
    const transaction = this.#db.transaction(['firmware', 'firmware-bytes'], 'readwrite');
    await Promise.all([
      transaction.objectStore('firmware').delete(sha256),
      transaction.objectStore('firmware-bytes').delete(sha256),
      transaction.done,
    ]);
  }

  async #keepIn(
    transaction: KeepTransaction,
    needed: ReadonlySet<string>,
    record: FirmwareRecord,
    bytes: Uint8Array<ArrayBuffer>,
  ): Promise<KeepResult> {
    const records = transaction.objectStore('firmware');
    const files = transaction.objectStore('firmware-bytes');
    const held = await records.getAll();
    const room = makeRoom(held, record, needed, this.#options.capBytes ?? LIBRARY_CAP_BYTES);
    if (room.kind !== 'fits') return room;
    for (const { sha256 } of room.remove) {
      await records.delete(sha256);
      await files.delete(sha256);
    }
    const before = held.find(({ sha256 }) => sha256 === record.sha256);
    const kept = renewed(before, record);
    await records.put(kept);
    // A Blob holds only the bytes of the view: cloning the view would store the whole file that it was cut from.
    const bytesAreHere = (await files.getKey(kept.sha256)) !== undefined;
    if (!bytesAreHere) await files.put({ sha256: kept.sha256, bytes: new Blob([bytes]) });
    await transaction.done;
    if (held.length === 0) this.#askToPersist();
    return { kind: 'kept', record: kept, removed: room.remove };
  }

  async #change(sha256: string, change: (record: FirmwareRecord) => FirmwareRecord): Promise<void> {
    const transaction = this.#db.transaction('firmware', 'readwrite');
    const record = await transaction.store.get(sha256);
    if (record !== undefined) await transaction.store.put(change(record));
    await transaction.done;
  }

  /** Not awaited: Firefox asks the person, and the file is kept whatever the answer is. */
  #askToPersist(): void {
    this.#options.persist?.().catch(this.#options.trouble);
  }
}
