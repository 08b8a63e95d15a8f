import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { fleetName } from '../../src/simulator/node/fleet.ts';
import { JOURNEY_MS, useJourney } from './journey.ts';
import { longestTaskMs, longTaskMs } from './long-tasks.ts';
import { saveDevices } from './saved-devices.ts';

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
