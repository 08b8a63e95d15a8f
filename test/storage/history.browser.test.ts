import { expect } from 'chai';
import { IndexedHistory, MAX_SAMPLES, parted } from '../../src/storage/history.ts';
import { closeDatabases, openTestDatabase } from './open-test-database.ts';
import { aHistoryEntry } from './samples.ts';

/** Ways to read many values at once, or the next one. */
const READS = [
  [IDBObjectStore.prototype, 'getAll'],
  [IDBObjectStore.prototype, 'get'],
  [IDBObjectStore.prototype, 'openCursor'],
  [IDBIndex.prototype, 'getAll'],
  [IDBIndex.prototype, 'get'],
  [IDBIndex.prototype, 'openCursor'],
  [IDBCursor.prototype, 'continue'],
] as const;

let counts: Record<string, number> = {};

// This runs before the first database is opened: idb looks only once which functions move a cursor.
for (const [prototype, name] of READS) {
  const original: unknown = Reflect.get(prototype, name);
  if (typeof original !== 'function') throw new Error(`IndexedDB has no ${name}`);
  Reflect.set(prototype, name, function (this: unknown, ...given: unknown[]): unknown {
    counts[name] = (counts[name] ?? 0) + 1;
    return Reflect.apply(original, this, given) as unknown;
  });
}

/** The calls of `work` to IndexedDB, by method with their number: `{ openCursor: 1, continue: 50 }`. */
async function readsDuring(work: () => Promise<unknown>): Promise<Readonly<Record<string, number>>> {
  counts = {};
  await work();
  return counts;
}

describe('A long history', () => {
  const ROWS = 1_000;
  const DEVICES = 10;
  const SHOWN = 50;
  let history: IndexedHistory;

  before(async () => {
    const db = await openTestDatabase('moult-test-year');
    await db.clear('history');
    const samples = Array.from({ length: MAX_SAMPLES }, (_, index) => [index, index * 4096] as const);
    const transaction = db.transaction(['history', 'history-traces'], 'readwrite');
    for (let index = 0; index < ROWS; index += 1) {
      const { row, trace } = parted(
        aHistoryEntry({ id: `u${index}`, deviceId: `d${index % DEVICES}`, startedAt: index, samples }),
      );
      void transaction.objectStore('history').put(row);
      void transaction.objectStore('history-traces').put(trace);
    }
    await transaction.done;
    history = new IndexedHistory(db);
  });
  after(async () => {
    await history.clear();
    await closeDatabases();
  });

  for (const [of, deviceId, newest, last] of [
    ['all devices', null, ROWS - 1, ROWS - SHOWN],
    ['one device', 'd7', ROWS - 3, ROWS - 3 - (SHOWN - 1) * DEVICES],
  ] as const) {
    it(`opens with ${of} by reading the lines that are shown and one more, however many there are`, async () => {
      let ids: readonly string[] = [];
      const reads = await readsDuring(async () => {
        ids = (await history.page({ limit: SHOWN, deviceId })).rows.map(({ id }) => id);
      });
      expect([ids.length, ids[0], ids.at(-1)]).to.deep.equal([SHOWN, `u${newest}`, `u${last}`]);
      // A step onto each line but the first; the last step finds the line that tells of another page.
      expect(reads).to.deep.equal({ openCursor: 1, continue: SHOWN + 1 });
    });
  }

  it('is counted without reading any of its lines', async () => {
    let count = 0;
    const reads = await readsDuring(async () => {
      count = (await history.count()) + (await history.count('d7'));
    });
    expect(count).to.equal(ROWS + ROWS / DEVICES);
    expect(reads).to.deep.equal({});
  });

  it('would be noticed if it were read as a whole', async () => {
    expect(await readsDuring(() => history.all())).to.deep.equal({ getAll: 1 });
  });
});
