import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { fleetName } from '../../../src/simulator/node/fleet.ts';
import type { Notice } from '../../../src/model/page/notice.ts';
import { buildApp } from '../../firmware/image-builder.ts';
import { JOURNEY_MS, useJourney } from '../journey.ts';
import { saveDevices } from '../saved-devices.ts';

/** At length, and true for as long as nobody closes it: that a browser is not paired goes once the host says otherwise. */
const LONG: Notice = { kind: 'library-made-room', names: Array.from({ length: 20 }, (_, at) => `firmware-${at}.bin`) };

/** News of one line, with a button and without; what is said at length; and both together. */
const NOTICES: readonly (readonly Notice[])[] = [
  [{ kind: 'new-build', name: 'firmware.bin', version: '1.4.2' }],
  [{ kind: 'removed', what: 'device', name: 'Kitchen sensor' }],
  [{ kind: 'not-secure', trust: true }],
  [
    { kind: 'pairing', is: 'needed' },
    { kind: 'can-install' },
    LONG,
    { kind: 'sent-dropped', device: 'Kitchen sensor', firmware: 'firmware.bin' },
  ],
];
const COUNTS = [0, 1, 3, 12] as const;
const SIZES = [
  [320, 780],
  [390, 780],
  [768, 900],
  [1280, 800],
] as const;

/** Shows these alone, as the page does; the newest of them has to be seen, with its buttons. */
async function show(page: Page, notices: readonly Notice[]): Promise<void> {
  await page.locator('notice-bar').evaluate(async (bar, shown) => {
    const shell = document.querySelector('moult-app');
    if (!shell || !('updateComplete' in bar)) throw new Error('there is no page');
    const state = shell.app.notices;
    state.dismiss(...state.$notices.get().map(({ kind }) => kind));
    await bar.updateComplete;
    for (const notice of shown) state.show(notice);
    await bar.updateComplete;
  }, notices);
  const place = await page.getByRole('list', { name: 'Notices' }).boundingBox();
  const newest = await page.locator('notice-bar li').first().boundingBox();
  if (place === null || newest === null) throw new Error('no notice is seen');
  expect(newest.y, 'its top').to.be.at.least(place.y);
  expect(newest.y + newest.height, 'its end').to.be.at.most(place.y + place.height);
}

/** What the notices lie over of all that can be pressed, but for the name in the head. */
async function covered(page: Page): Promise<readonly string[]> {
  const place = await page.getByRole('list', { name: 'Notices' }).boundingBox();
  if (place === null) throw new Error('no notice is seen');
  return page.locator('button, a, input, select, summary').evaluateAll(
    (all, { x, y, width, height }) =>
      all
        .filter((each) => {
          const box = each.getBoundingClientRect();
          const isUnder = box.left < x + width && box.right > x && box.top < y + height && box.bottom > y;
          // What is seen only with focus is clipped away.
          const isSeen = box.width > 0 && getComputedStyle(each).clipPath === 'none';
          return isUnder && isSeen && !each.matches('.brand, [aria-label=Notices] *');
        })
        .map((each) => each.ariaLabel ?? each.textContent.trim()),
    place,
  );
}

describe('A notice', function () {
  this.timeout(JOURNEY_MS);
  const journey = useJourney();

  for (const count of COUNTS) {
    it(`covers nothing that can be pressed, with ${count} devices`, async () => {
      const app = await journey().open();
      const { page } = app;
      const devices = Array.from({ length: count }, (_, at) => ({
        ...{ name: fleetName(at), origin: `http://192.0.2.${at + 1}:8080`, token: '', version: '1.4.1' },
      }));
      if (count > 0) await saveDevices(page, devices);
      await app.button('Add device').first().waitFor();
      const file = buildApp({ project: 'kitchen-sensor', version: '1.4.2' });
      for (const hasFile of [false, true]) {
        if (hasFile) await app.choose(await journey().file('kitchen.bin', file));
        for (const [width, height] of SIZES) {
          await page.setViewportSize({ width, height });
          for (const notices of NOTICES) {
            const shown = notices.map(({ kind }) => kind).join(', ');
            await show(page, notices);
            expect(await covered(page), `${shown} at ${width} px`).to.deep.equal([]);
          }
        }
      }
      // On a wide screen they lie over no device either, however far down the page is.
      await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
      for (const notices of NOTICES) {
        await show(page, notices);
        expect(await covered(page), 'at the end').to.deep.equal([]);
      }
      app.expectAllWell();
    });
  }

  it('is read in full behind its number, and closed there, on a phone', async () => {
    const app = await journey().open();
    const { page } = app;
    await page.setViewportSize({ width: 320, height: 780 });
    await app.button('Add device').waitFor();
    await show(page, [LONG]);
    const words = page.getByText('firmware-0.bin');
    const isCut = (): Promise<boolean> => words.evaluate((each) => each.scrollHeight > each.clientHeight);
    expect(await isCut(), 'over the head').to.equal(true);
    await app.button('1 notice').click();
    expect(await isCut(), 'behind the number').to.equal(false);
    await app.button('Close').click();
    await words.waitFor({ state: 'detached' });
    app.expectAllWell();
  });
});
