/** A year of updates: how long it takes until they are seen. */
import type { Page } from 'playwright-core';
import { foundText } from '../src/words/history/history-view.ts';
import { Journey } from '../test/journey/journey.ts';
import { aHistoryEntry } from '../test/storage/samples.ts';
import { parted } from '../src/storage/history.ts';
import { median, rounded, type Bench, type Measured } from './measure/found.ts';

/** Fifty devices, an update of each every other day. */
const ROWS = 10_000;
const DEVICES = 50;
const OPEN_MS = 300;
/** Odd, so that there is a middle one. */
const TIMES = 5;
const RARE = 'the only one';

export const history: Bench = {
  name: 'history',
  async run(): Promise<Measured> {
    const journey = await Journey.begin();
    try {
      const { page } = await journey.open();
      await fill(page);
      const opens: number[] = [];
      for (let time = 0; time < TIMES; time += 1) opens.push(await openMs(page));
      const finds = await findMs(page);
      await journey.endTest();
      const named = (what: string): string => `${ROWS.toLocaleString('en')} updates: ${what}`;
      return {
        with: `Chromium ${journey.browser.version()}`,
        rows: [
          {
            what: named('from the tap to the list, the first time'),
            value: whole(opens[0]),
            unit: 'ms',
            mark: OPEN_MS,
          },
          { what: named(`the same, median of ${TIMES}`), value: whole(median(opens)), unit: 'ms', mark: OPEN_MS },
          { what: named('from a typed word to the one line that has it'), value: whole(finds), unit: 'ms' },
        ],
      };
    } finally {
      await journey.end();
    }
  },
};

function whole(ms = NaN): number {
  return rounded(ms, 0);
}

/** Into the page's own database, past the page. */
async function fill(page: Page): Promise<void> {
  const entries = Array.from({ length: ROWS }, (_, index) =>
    parted(
      aHistoryEntry({
        id: `u${index}`,
        deviceId: `d${index % DEVICES}`,
        deviceName: index === ROWS / 2 ? RARE : `Sensor ${index % DEVICES}`,
        startedAt: index,
      }),
    ),
  );
  await page.evaluate(async (kept) => {
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open('moult');
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(new Error('no database', { cause: opening.error }));
    });
    await new Promise<void>((resolve, reject) => {
      const transaction = db.transaction(['history', 'history-traces'], 'readwrite');
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(new Error('not saved', { cause: transaction.error }));
      for (const { row, trace } of kept) {
        transaction.objectStore('history').put(row);
        transaction.objectStore('history-traces').put(trace);
      }
    });
    db.close();
  }, entries);
}

/** On the page's own clock; what the driver needs to see it counts too. */
async function openMs(page: Page): Promise<number> {
  await page.evaluate(() => (location.hash = '#/devices'));
  await page.reload();
  await page.getByRole('button', { name: 'Add device' }).first().waitFor();
  const from = await page.evaluate(() => {
    const now = performance.now();
    location.hash = '#/history';
    return now;
  });
  return (await seenAt(page, 'The latest')) - from;
}

async function findMs(page: Page): Promise<number> {
  const search = page.getByLabel('Search');
  await search.waitFor();
  const from = await page.evaluate(() => performance.now());
  await search.fill(RARE);
  return (await seenAt(page, foundText(1, false, true))) - from;
}

async function seenAt(page: Page, words: string): Promise<number> {
  const said = page.getByText(words);
  await said.waitFor();
  await page.getByRole('list', { name: 'Updates' }).getByRole('listitem').first().waitFor();
  return said.evaluate(() => performance.now());
}
