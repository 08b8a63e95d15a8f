import type { Journal, JournalEntry } from '../model/update/journal.ts';

/**
 * Writes the journal while the run goes on: of several entries that queue up only the newest is written. The run waits
 * for it only before begin, the first byte and finalize (`Run.noted`).
 */
export class JournalWriter {
  readonly #journal: Journal;
  #next: JournalEntry | null = null;
  #writing: Promise<void> | null = null;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  note(entry: JournalEntry): void {
    this.#next = entry;
    this.#writing ??= this.#drain();
  }

  /** Removes the entry, after any write that is under way. */
  async clear(deviceId: string): Promise<void> {
    this.#next = null;
    await this.#writing;
    await quietly(this.#journal.clear(deviceId));
  }

  /** Resolves when everything noted is written. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  async #drain(): Promise<void> {
    for (let entry = this.#next; entry; entry = this.#next) {
      this.#next = null;
      await quietly(this.#journal.write(entry));
    }
    this.#writing = null;
  }
}

async function quietly(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch {
    // The journal failed. A full or refused database costs the offer to resume after a reload, never the update itself;
    // missing storage is reported where it is opened.
  }
}
