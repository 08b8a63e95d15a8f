import type { HistoryEntry, HistoryRow } from '../model/update/history-entry.ts';
import type { OutcomeName } from '../model/update/update-state.ts';
import type { Database } from './database.ts';
import type { HistoryTrace } from './history-trace.ts';

/** The plot is at most 480 px wide: a point every other pixel is all that can be seen. */
export const MAX_SAMPLES = 240;

/** Every second chunk of 16 MB in chunks of 4 KiB. */
export const MAX_RETRIED_RANGES = 2048;

/** Where a page ended: hand it back to get the next page. */
export interface HistoryCursor {
  readonly startedAt: number;
  readonly id: string;
}

export interface HistoryQuery {
  /** Rows at most. */
  readonly limit: number;
  readonly after?: HistoryCursor | null;
  readonly deviceId?: string | null;
  /** Only these outcomes; null or absent: all. */
  readonly outcomes?: readonly OutcomeName[] | null;
}

export interface HistoryPage {
  /** Newest first. */
  readonly rows: readonly HistoryRow[];
  /** Null where nothing follows. */
  readonly next: HistoryCursor | null;
}

/** An entry cut to what is kept: the points of the plot are thinned evenly, and the first and the last stay. */
export function bounded(entry: HistoryEntry): HistoryEntry {
  const { samples } = entry;
  const step = (samples.length - 1) / (MAX_SAMPLES - 1);
  const shown = new Set(Array.from({ length: MAX_SAMPLES }, (_, point) => Math.round(point * step)));
  const thinned = samples.length <= MAX_SAMPLES ? samples : samples.filter((_, index) => shown.has(index));
  return { ...entry, samples: thinned, retried: entry.retried.slice(0, MAX_RETRIED_RANGES) };
}

/** For an entry of which only the line was kept. */
const NO_TRACE: Omit<HistoryTrace, 'id'> = {
  ending: { kind: 'text', text: '' },
  // The erase unit of every ESP32's flash.
  blockSize: 4096,
  capacityBytes: null,
  samples: [],
  retried: [],
};

/** An entry split into its line and what its drawing needs. */
export function parted(entry: HistoryEntry): { row: HistoryRow; trace: HistoryTrace } {
  const { ending, blockSize, capacityBytes, samples, retried, ...row } = entry;
  return { row, trace: { id: entry.id, ending, blockSize, capacityBytes, samples, retried } };
}

/** A page of the rows that were read; one row more than `limit` shows that another page follows. */
export function asPage(rows: readonly HistoryRow[], limit: number): HistoryPage {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const next = rows.length > limit && last !== undefined ? { startedAt: last.startedAt, id: last.id } : null;
  return { rows: page, next };
}

/** Every update that ended, in the database. */
export class IndexedHistory {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async add(entry: HistoryEntry): Promise<void> {
    const { row, trace } = parted(bounded(entry));
    const transaction = this.#db.transaction(['history', 'history-traces'], 'readwrite');
    await Promise.all([
      transaction.objectStore('history').put(row),
      transaction.objectStore('history-traces').put(trace),
      transaction.done,
    ]);
  }

  /** One page, newest first; reads no more rows than it needs. */
  async page(query: HistoryQuery): Promise<HistoryPage> {
    const { limit, after = null, deviceId = null, outcomes = null } = query;
    const rows: HistoryRow[] = [];
    const { store } = this.#db.transaction('history');
    let cursor =
      deviceId === null
        ? await store
            .index('by-time')
            .openCursor(after && IDBKeyRange.upperBound([after.startedAt, after.id], true), 'prev')
        : await store.index('by-device').openCursor(
            // An array sorts after every number and text, so that this is the end of the device's part of the index.
            IDBKeyRange.bound([deviceId], after ? [deviceId, after.startedAt, after.id] : [deviceId, []], true, true),
            'prev',
          );
    while (cursor !== null && rows.length <= limit) {
      if (outcomes === null || outcomes.includes(cursor.value.outcome)) rows.push(cursor.value);
      cursor = await cursor.continue();
    }
    return asPage(rows, limit);
  }

  /** Every line, newest first: for the search and for the export. 10,000 take some 100 ms. */
  async all(): Promise<readonly HistoryRow[]> {
    return (await this.#db.getAllFromIndex('history', 'by-time')).reverse();
  }

  /** One update with what its drawing needs; null where there is none of this id. */
  async entry(id: string): Promise<HistoryEntry | null> {
    const [row, trace] = await Promise.all([this.#db.get('history', id), this.#db.get('history-traces', id)]);
    if (row === undefined) return null;
    return { ...NO_TRACE, ...row, ...trace };
  }

  /** How many updates there were, in all or of one device. */
  count(deviceId?: string): Promise<number> {
    if (deviceId === undefined) return this.#db.count('history');
    return this.#db.countFromIndex('history', 'by-device', IDBKeyRange.bound([deviceId], [deviceId, []]));
  }

  /** Removes the line and what its drawing needs. An id that does not exist is no error. */
  async remove(id: string): Promise<void> {
    const transaction = this.#db.transaction(['history', 'history-traces'], 'readwrite');
    await Promise.all([
      transaction.objectStore('history').delete(id),
      transaction.objectStore('history-traces').delete(id),
      transaction.done,
    ]);
  }

  async clear(): Promise<void> {
    const transaction = this.#db.transaction(['history', 'history-traces'], 'readwrite');
    await Promise.all([
      transaction.objectStore('history').clear(),
      transaction.objectStore('history-traces').clear(),
      transaction.done,
    ]);
  }
}
