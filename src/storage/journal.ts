import type { JournalEntry } from '../model/update/journal.ts';
import type { Database } from './database.ts';

/**
 * Unfinished updates, in the database, one a device at most.
 *
 * Where the journal cannot be written, the offer to resume after a reload is lost, never the update that runs: the
 * entry stays in memory for as long as the page does, and `trouble` is called.
 */
export class IndexedJournal {
  readonly #db: Database;
  readonly #trouble: (error: unknown) => void;
  readonly #endsWithPage: (deviceId: string) => boolean;
  /** Entries that the database refused, or is not to have; null: one that it did not clear. */
  readonly #unsaved = new Map<string, JournalEntry | null>();

  /** @param endsWithPage whether a device ends with the page, so that nothing of it can be resumed after a reload */
  constructor(
    db: Database,
    trouble: (error: unknown) => void,
    endsWithPage: (deviceId: string) => boolean = () => false,
  ) {
    this.#db = db;
    this.#trouble = trouble;
    this.#endsWithPage = endsWithPage;
  }

  async read(deviceId: string): Promise<JournalEntry | null> {
    const unsaved = this.#unsaved.get(deviceId);
    if (unsaved !== undefined) return unsaved;
    try {
      return (await this.#db.get('journal', deviceId)) ?? null;
    } catch (error) {
      this.#trouble(error);
      return null;
    }
  }

  async write(entry: JournalEntry): Promise<void> {
    if (this.#endsWithPage(entry.deviceId)) {
      this.#unsaved.set(entry.deviceId, entry);
      return;
    }
    await this.#change(entry.deviceId, entry, async () => {
      await this.#db.put('journal', entry);
    });
  }

  async clear(deviceId: string): Promise<void> {
    await this.#change(deviceId, null, () => this.#db.delete('journal', deviceId));
  }

  /** All unfinished updates, latest first: what the page offers to resume. */
  async all(): Promise<readonly JournalEntry[]> {
    const entries = new Map((await this.#db.getAll('journal')).map((entry) => [entry.deviceId, entry]));
    for (const [deviceId, entry] of this.#unsaved) {
      if (entry === null) entries.delete(deviceId);
      else entries.set(deviceId, entry);
    }
    return Array.from(entries.values()).sort((a, b) => b.at - a.at);
  }

  async #change(deviceId: string, entry: JournalEntry | null, change: () => Promise<void>): Promise<void> {
    try {
      await change();
      this.#unsaved.delete(deviceId);
    } catch (error) {
      this.#unsaved.set(deviceId, entry);
      this.#trouble(error);
    }
  }
}
