import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { buildApp } from '../../firmware/image-builder.ts';
import { PATIENCE_MS } from '../app-page.ts';
import { JOURNEY_MS, useJourney } from '../journey.ts';

const NAME = 'Kitchen sensor';
const IMAGE = buildApp({ sizeBytes: 128 * 1024, project: 'kitchen-sensor', version: '1.4.2' });

/** From a fresh page to an update; what is typed into fields counts nothing. Without keys of the page's own it was 31. */
const MOST_KEYS = 14;

/** Stops between two that a person goes to, before it is given up. */
const MOST_STOPS = 10;

/** What has the focus, as a person would call it, and whether it is seen: nothing lies over its middle. */
async function focus(page: Page): Promise<{ readonly words: string; readonly isSeen: boolean }> {
  return page.evaluate(() => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    if (active === null || active === document.body) return { words: 'nothing', isSeen: false };
    const label = active instanceof HTMLInputElement ? active.labels?.[0]?.textContent : undefined;
    const words = (active.ariaLabel ?? label ?? active.textContent).replaceAll(/\s+/g, ' ').trim();
    const { x, y, width, height } = active.getBoundingClientRect();
    const middle = [x + width / 2, y + height / 2] as const;
    let over = document.elementFromPoint(...middle);
    for (let inner = over; inner !== null && inner !== active;) {
      over = inner;
      const within: Element | null = inner.shadowRoot?.elementFromPoint(...middle) ?? null;
      inner = within === inner ? null : within;
      if (inner !== null) over = inner;
    }
    // What lies there may be deep in the roots of what has the focus.
    let holder: Node | null = over;
    while (holder !== null && holder !== active)
      holder = holder instanceof ShadowRoot ? holder.host : holder.parentNode;
    return { words, isSeen: over !== null && (holder === active || over.contains(active)) };
  });
}

describe('By keys alone', function () {
  this.timeout(JOURNEY_MS);
  const journey = useJourney();

  it('a first device is added and updated, and the focus is always on something that is seen', async () => {
    const served = await journey().device();
    const app = await journey().open();
    app.knows(served);
    const { page } = app;
    // From the beginning: a picker that opens before the browser is told to leave it to the test is nobody's.
    const chooser = page.waitForEvent('filechooser');
    await app.button('Add device').waitFor();
    let keys = 0;
    const press = async (key: string): Promise<string> => {
      keys += 1;
      await page.keyboard.press(key);
      const { words, isSeen } = await focus(page);
      expect(isSeen, `“${words}” is seen after ${key}`).to.equal(true);
      return words;
    };
    const tabTo = async (wanted: string): Promise<void> => {
      for (let stops = 0; (await press('Tab')) !== wanted; stops += 1) expect(stops, wanted).to.be.below(MOST_STOPS);
    };
    const comesTo = async (wanted: string): Promise<void> => {
      const until = performance.now() + PATIENCE_MS;
      for (let now = await focus(page); now.words !== wanted || !now.isSeen; now = await focus(page)) {
        if (performance.now() > until) throw new Error(`the focus is on “${now.words}”, not on “${wanted}”`);
        await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
      }
    };

    expect(await press('Tab')).to.equal('Skip to content');
    await press('Enter');
    await tabTo('Add device');
    await press('Enter');
    await page.getByRole('dialog', { name: 'Device' }).waitFor();
    for (const [field, typed] of [
      ['Name', NAME],
      ['Address', served.origin],
      ['Token', served.token],
    ] as const) {
      await tabTo(field);
      await page.keyboard.insertText(typed);
    }
    await press('Enter');
    await comesTo(NAME);
    expect(await press('u'), 'no file is chosen yet').to.equal('Choose a firmware file');
    await press('Enter');
    await (await chooser).setFiles(await journey().file('kitchen.bin', IMAGE));
    await app.judged();
    await comesTo('kitchen-sensor');
    await press('u');
    await comesTo(NAME);
    await app.says('Updated', NAME);
    await comesTo(NAME);
    expect(keys).to.be.at.most(MOST_KEYS);
    app.expectAllWell();
  });
});
