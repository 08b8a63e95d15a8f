import { expect } from 'chai';
import type { Locator, Page } from 'playwright-core';
import { buildApp } from '../../firmware/image-builder.ts';
import { Brake, BRAKED } from '../brake.ts';
import { JOURNEY_MS, useJourney } from '../journey.ts';

const NAME = 'Kitchen sensor';
const HALF = 30_000;

/** What the browser makes of a colour by name, or of one of the page's own. */
function colour(page: Page, of: string): Promise<string> {
  return page.evaluate((value) => {
    const probe = document.createElement('i');
    probe.style.color = value;
    probe.style.setProperty('forced-color-adjust', 'none');
    document.body.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  }, of);
}

const style = (element: Locator, property: string): Promise<string> =>
  element.evaluate((found, name) => getComputedStyle(found).getPropertyValue(name), property);

/** Relative luminance (WCAG 2.2) of "rgb(28, 25, 22)". */
function luminance(rgb: string): number {
  const [red = NaN, green = NaN, blue = NaN] = (rgb.match(/\d+/g) ?? [])
    .map((part) => Number(part) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = NaN, light = NaN] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

describe('The page’s colours and edges', function () {
  this.timeout(JOURNEY_MS);
  const journey = useJourney();

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`show where one is, what is written and how far it is where ${colorScheme} colours are forced`, async () => {
      const app = await journey().open();
      const { page } = app;
      await page.emulateMedia({ forcedColors: 'active', colorScheme });
      const brake = new Brake();
      const served = await journey().device({ clock: brake, costs: BRAKED });
      await app.addDevice(NAME, served);
      await app.choose(await journey().file('kitchen.bin', buildApp({ sizeBytes: 2 * HALF })));
      const held = brake.hold(() => (served.device.session?.written ?? 0) >= HALF);
      await app.press('Update', NAME);
      await held;

      const [canvas, highlight, text] = [
        await colour(page, 'Canvas'),
        await colour(page, 'Highlight'),
        await colour(page, 'CanvasText'),
      ];
      expect(new Set([canvas, highlight, text]).size).to.equal(3);
      const places = page.locator('app-nav.high a');
      expect(await style(places.and(page.locator('[aria-current]')), 'background-color')).to.equal(highlight);
      expect(await style(places.and(page.locator(':not([aria-current])')).first(), 'background-color')).not.to.equal(
        highlight,
      );

      const map = app.card(NAME).locator('slot-map');
      expect(await style(map.locator('.filled'), 'fill')).to.equal(highlight);
      expect(await style(map.locator('.hollow'), 'stroke')).to.equal(text);
      expect(await style(map.locator('.hollow'), 'fill')).to.equal('none');

      await page.evaluate(() => (location.hash = '#/history'));
      const far = page.locator('status-bar .far > path');
      expect(await style(far, 'fill')).to.equal(highlight);
      expect((await far.boundingBox())?.width).to.be.above(0);
      brake.release();
      await page.evaluate(() => (location.hash = '#/devices'));
      await app.says('Updated', NAME);
      app.expectAllWell();
    });

    it(`have a contrast of at least 7 to 1 where the person asks for more, in ${colorScheme} colours`, async () => {
      const { page } = await journey().open();
      await page.emulateMedia({ contrast: 'more', colorScheme });
      for (const ink of ['--ink', '--ink-soft', '--accent', '--amber', '--red']) {
        for (const ground of ['--paper', '--sheet']) {
          const [words, behind] = [await colour(page, `var(${ink})`), await colour(page, `var(${ground})`)];
          expect(contrast(words, behind), `${ink} on ${ground}`).to.be.at.least(7);
        }
      }
    });
  }

  it('are in line with the header’s where the window is wider than the page', async () => {
    const app = await journey().open();
    const { page } = app;
    await page.setViewportSize({ width: 1920, height: 1000 });
    await app.addDevice(NAME, await journey().device());
    const edges = (selector: string): Promise<{ readonly left: number; readonly right: number }> =>
      page.locator(selector).evaluate((element) => {
        const { left, right } = element.getBoundingClientRect();
        const { paddingLeft, paddingRight } = getComputedStyle(element);
        return { left: left + parseFloat(paddingLeft), right: right - parseFloat(paddingRight) };
      });
    const main = await edges('main');
    expect(main.left).to.be.above(200);
    expect((await edges('.brand')).left).to.equal(main.left);
    expect((await edges('firmware-panel')).left).to.equal(main.left);
    expect((await edges('devices-view')).right).to.equal(main.right);
    expect((await edges('app-nav.high li:last-child a')).right).to.equal(main.right);
  });
});
