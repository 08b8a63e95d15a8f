import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { buildApp } from '../../firmware/image-builder.ts';
import { fleetName } from '../../../src/simulator/node/fleet.ts';
import { JOURNEY_MS, useJourney } from '../journey.ts';
import { longestTaskMs, longTaskMs } from '../long-tasks.ts';
import { saveDevices } from '../saved-devices.ts';

const COUNT = 200;
const GROUPS = ['House', 'Garden', null] as const;

/** Half a screen at a time from the top to the end, each drawn before the next. */
async function scrollThrough(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const scroller = document.scrollingElement ?? document.documentElement;
    scroller.scrollTop = 0;
    for (let before = -1; scroller.scrollTop > before;) {
      before = scroller.scrollTop;
      await new Promise(requestAnimationFrame);
      scroller.scrollTop += window.innerHeight / 2;
      await new Promise(requestAnimationFrame);
    }
  });
}

const scrolled = (page: Page): Promise<number> => page.evaluate(() => document.scrollingElement?.scrollTop ?? 0);

describe('A drawer with 12 devices', function () {
  this.timeout(JOURNEY_MS);
  const journey = useJourney();

  it('shows devices on the first screen of a phone, and what finds them and asks for their chip behind a line each', async () => {
    const app = await journey().open();
    const { page } = app;
    await page.setViewportSize({ width: 390, height: 780 });
    await saveDevices(
      page,
      Array.from({ length: 12 }, (_, at) => ({
        name: fleetName(at),
        origin: `http://192.0.2.${at + 1}:8080`,
        token: '',
        group: GROUPS[at % GROUPS.length] ?? null,
      })),
    );
    await app.choose(await journey().file('kitchen.bin', buildApp({ project: 'kitchen-sensor', version: '1.4.2' })));
    const question = app.button('The chip of 12 devices is unknown.');
    await question.waitFor();
    const rows = page.locator('device-row');
    await rows.nth(11).waitFor();
    const foot = (await page.locator('.foot').boundingBox())?.y ?? 0;
    const boxes = await Promise.all((await rows.all()).map((row) => row.boundingBox()));
    expect(boxes.filter((box) => box !== null && box.y + box.height <= foot)).to.have.length.of.at.least(5);
    // Nothing is lost: each opens with a tap, and the search with its key.
    expect(await app.button('Yes, all 12').isVisible()).to.equal(false);
    await question.click();
    await app.button('I don’t know').click();
    await question.waitFor({ state: 'detached' });
    const search = page.getByRole('searchbox', { name: 'Search' });
    expect(await search.isVisible()).to.equal(false);
    await page.keyboard.press('/');
    await search.waitFor();
    await page.waitForFunction(() => {
      let found = document.activeElement;
      while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
      return found?.matches('input[type=search]');
    });
    await page.keyboard.type('hall');
    // Folded away, it says all the same that not all of them are seen.
    const found = app.button(/^\d of 12 devices$/);
    await found.click();
    await search.waitFor({ state: 'hidden' });
    expect(await rows.count()).to.be.lessThan(12);
    app.expectAllWell();
  });
});

describe('A drawer with 200 devices', function () {
  this.timeout(JOURNEY_MS);
  const journey = useJourney();

  for (const [where, width, height] of [
    ['a phone', 390, 844],
    ['a wide screen', 1280, 800],
  ] as const) {
    it(`is scrolled through on ${where} without a long task, as a list and as a rollout's choice`, async () => {
      const { browser } = journey();
      const app = await journey().open();
      const { page } = app;
      await page.setViewportSize({ width, height });
      await saveDevices(
        page,
        Array.from({ length: COUNT }, (_, at) => ({
          name: fleetName(at),
          // Nobody is asked before somebody asks.
          origin: `http://192.0.2.${at + 1}:8080`,
          token: '',
          group: GROUPS[at % GROUPS.length] ?? null,
          version: `1.${at % 3}.0`,
        })),
      );
      const longTask = await longTaskMs(browser, page);
      for (const [list, item] of [
        ['#/devices', 'device-row'],
        ['#/rollout', 'rollout-choice li'],
      ] as const) {
        await page.evaluate((hash) => (location.hash = hash), list);
        await page
          .locator(item)
          .nth(COUNT - 1)
          .waitFor({ state: 'attached' });
        const longest = await longestTaskMs(browser, page, () => scrollThrough(page));
        expect(await scrolled(page), `${list} is longer than the screen`).to.be.greaterThan(height);
        expect(longest, list).to.be.at.most(longTask);
      }
      app.expectAllWell();
    });
  }
});
