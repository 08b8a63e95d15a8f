import { expect } from 'chai';
import { IndexedHistory, MAX_SAMPLES, parted } from '../../src/storage/history.ts';
import { closeDatabases, openTestDatabase } from './open-test-database.ts';
import { aHistoryEntry } from './samples.ts';

describe('A year of history', () => {
  afterEach(closeDatabases);

  it('opens 10,000 updates in under 300 ms, in all and for one device', async function () {
    this.timeout(60_000);
    const name = 'moult-test-year';
    const db = await openTestDatabase(name);
    await db.clear('history');
    const samples = Array.from({ length: MAX_SAMPLES }, (_, index) => [index, index * 4096] as const);
    const transaction = db.transaction(['history', 'history-traces'], 'readwrite');
    const rows = 10_000;
    for (let index = 0; index < rows; index += 1) {
      const { row, trace } = parted(
        aHistoryEntry({ id: `u${index}`, deviceId: `d${index % 50}`, startedAt: index, samples }),
      );
      void transaction.objectStore('history').put(row);
      void transaction.objectStore('history-traces').put(trace);
    }
    await transaction.done;
    db.close();

    const start = performance.now();
    const history = new IndexedHistory(await openTestDatabase(name));
    const [page, count] = await Promise.all([history.page({ limit: 50 }), history.count()]);
    const all = performance.now() - start;
    const ofOne = await history.page({ limit: 50, deviceId: 'd7' });
    const one = performance.now() - start - all;

    expect(count).to.equal(rows);
    expect(page.rows.map(({ id }) => id)).to.include.members([`u${rows - 1}`, `u${rows - 50}`]);
    expect(ofOne.rows).to.have.length(50);
    expect(all, 'all devices, with opening and counting').to.be.below(300);
    expect(one, 'one device').to.be.below(300);
    await history.clear();
  });
});
