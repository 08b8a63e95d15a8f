import { atom } from 'nanostores';
import type { HistoryEntry, HistoryRow } from '../../model/update/history-entry.ts';
import type { NoticesState } from '../notices.ts';
import type { Hidden } from '../removals.ts';
import type { HistoryStore } from '../../model/page/stores.ts';
import type { HistoryWanted } from './history-search.ts';

/** Lines that match, newest first, and whether there are more of them. */
export interface HistoryFound {
  readonly rows: readonly HistoryRow[];
  readonly more: boolean;
}

const NOTHING: HistoryFound = { rows: [], more: false };

/** Every update that ended, in this visit and before. What the browser refuses is told, never thrown. */
export class HistoryState {
  /** Rises with every change: whoever draws lines looks again. */
  readonly $changes = atom(0);
  readonly #store: HistoryStore;
  readonly #notices: NoticesState;
  /** Lines that are about to be removed. */
  readonly #hidden = new Set<string>();

  constructor(store: HistoryStore, notices: NoticesState) {
    this.#store = store;
    this.#notices = notices;
  }

  async keep(entry: HistoryEntry): Promise<void> {
    await this.#attempt('keep', () => this.#store.add(entry), undefined);
    this.#noteChange();
  }

  async clear(): Promise<void> {
    await this.#attempt('clear', () => this.#store.clear(), undefined);
    this.#noteChange();
  }

  /** Takes a line off the list; it stays stored until `finish`. */
  hide(id: string): Hidden {
    this.#hidden.add(id);
    this.#noteChange();
    return {
      restore: () => {
        this.#hidden.delete(id);
        this.#noteChange();
        return Promise.resolve();
      },
      finish: async () => {
        await this.#attempt('remove', () => this.#store.remove(id), undefined);
        this.#hidden.delete(id);
        this.#noteChange();
      },
    };
  }

  /** The first `limit` lines that are wanted. */
  async find(wanted: HistoryWanted, limit: number): Promise<HistoryFound> {
    const { deviceId, outcome, text } = wanted;
    if (text.trim() === '') {
      const outcomes = outcome === null ? null : [outcome];
      const ask = async (): Promise<HistoryFound> => {
        // One more for each that is hidden, so that as many are left.
        const { rows, next } = await this.#store.page({ limit: limit + this.#hidden.size, deviceId, outcomes });
        const shown = this.#shown(rows);
        return { rows: shown.slice(0, limit), more: next !== null || shown.length > limit };
      };
      return this.#attempt('read', ask, NOTHING);
    }
    const rows = await this.all(wanted);
    return { rows: rows.slice(0, limit), more: rows.length > limit };
  }

  /** Every line that is wanted. */
  async all(wanted: HistoryWanted): Promise<readonly HistoryRow[]> {
    const { isWanted } = await import('./history-search.ts');
    const rows = await this.#attempt('read', () => this.#store.all(), []);
    return this.#shown(rows).filter((row) => isWanted(row, wanted));
  }

  /** One line with its picture; null where it is gone. */
  entry(id: string): Promise<HistoryEntry | null> {
    return this.#attempt('read', () => this.#store.entry(id), null);
  }

  #shown(rows: readonly HistoryRow[]): readonly HistoryRow[] {
    return rows.filter(({ id }) => !this.#hidden.has(id));
  }

  async #attempt<T>(what: 'keep' | 'read' | 'clear' | 'remove', act: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await act();
    } catch (error) {
      // A full disk, or a database that another version took: updates go on without their history.
      const why = error instanceof Error ? error.name : 'unknown';
      this.#notices.show({ kind: 'history-trouble', what, why });
      return otherwise;
    }
  }

  #noteChange(): void {
    this.$changes.set(this.$changes.get() + 1);
  }
}
