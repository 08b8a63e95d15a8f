import { expect } from 'chai';
import type { HistoryEntry } from '../../../src/model/update/history-entry.ts';
import { aHistoryEntry } from '../../storage/samples.ts';
import { JOURNEY_MS, useJourney } from '../journey.ts';
import { saveHistory } from '../saved-history.ts';

const HOUR = 3_600_000;
/** "12 Nov 2025, 14:05" */
const MOMENT = /\d{1,2} [A-Z][a-z]{2,3} \d{4}, \d\d:\d\d/;
/** In CSS pixels; borders of a hairline are not whole ones. */
const ROUNDING = 1;

/** Longer than the window, and all of today, except where the clock has just struck midnight. */
function updatesOfToday(): readonly HistoryEntry[] {
  return Array.from({ length: 12 }, (_, at) =>
    aHistoryEntry({ id: `u${at}`, deviceName: `Sensor ${at}`, startedAt: Date.now() - at }),
  );
}

describe('The history on paper', function () {
  this.timeout(JOURNEY_MS);
  const journey = useJourney();

  it('says when it was printed and gives each update its date, since “today” means nothing there', async () => {
    const app = await journey().open();
    const { page } = app;
    await saveHistory(page, [
      ...updatesOfToday(),
      aHistoryEntry({ id: 'old', deviceName: 'Attic', startedAt: Date.now() - 24 * 30 * HOUR }),
    ]);
    await page.goto(`${journey().host.url}#/history`);
    const attic = page.locator('history-row', { hasText: 'Attic' });
    await attic.waitFor();
    // The text of each element that is shown, through all shadow roots.
    const shown = async (): Promise<string> => (await page.locator('main').ariaSnapshot()).replaceAll('\u00a0', ' ');
    expect(await shown()).to.contain('today');
    await page.emulateMedia({ media: 'print' });
    const printed = await shown();
    expect(printed).not.to.contain('today');
    expect(printed).to.match(new RegExp(`Printed ${MOMENT.source}`));
    expect(printed.match(new RegExp(MOMENT.source, 'g'))).to.have.length(1 + 13);
    app.expectAllWell();
  });

  it('ends with its last line: what the page has below that would be an empty sheet', async () => {
    const app = await journey().open();
    const { page } = app;
    await saveHistory(page, updatesOfToday());
    await page.setViewportSize({ width: 390, height: 400 });
    await page.goto(`${journey().host.url}#/history`);
    const rows = page.locator('history-row');
    await rows.nth(11).waitFor();
    await page.emulateMedia({ media: 'print' });
    const last = await rows.nth(11).evaluate((row) => row.getBoundingClientRect().bottom + window.scrollY);
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    expect(height).to.be.greaterThan(400);
    expect(height - last).to.be.at.most(1 + ROUNDING);
    app.expectAllWell();
  });
});
