import { expect } from 'chai';
import { buildApp } from '../../firmware/image-builder.ts';
import { JOURNEY_MS, useJourney } from '../journey.ts';
import { longestTaskMs, longTaskMs, lookAtAll, TWO_LONG_TASKS } from '../long-tasks.ts';

const MB = 1024 * 1024;
const NAME = 'Kitchen sensor';
/** The largest flash of an ESP32 module. */
const LARGEST = buildApp({ sizeBytes: 16 * MB, version: '1.4.2' });

describe('The page with 16 MB', function () {
  this.timeout(JOURNEY_MS);
  const journey = useJourney();

  it('has no long task while it reads, hashes, keeps and sends the file', async () => {
    const { browser } = journey();
    const served = await journey().device({ slotBytes: 16 * MB });
    const app = await journey().open();
    await app.addDevice(NAME, served);
    const path = await journey().file('large.bin', LARGEST);
    const longest = await longestTaskMs(browser, app.page, async () => {
      await app.choose(path);
      await app.press('Update', NAME);
      await app.says('Updated', NAME, JOURNEY_MS);
    });
    expect(longest).to.be.at.most(await longTaskMs(browser, app.page));
    expect(served.device.runningImage).to.deep.equal(LARGEST);
    app.expectAllWell();
  });

  for (const [where, reads] of [
    ['a task of its own', 0],
    ['what goes on after a file was read', 1],
  ] as const) {
    it(`would be seen to have one: twice that in ${where} is found`, async () => {
      const { browser } = journey();
      const { page } = await journey().open();
      const longest = await longestTaskMs(browser, page, () => lookAtAll(page, TWO_LONG_TASKS, reads));
      expect(longest).to.be.greaterThan(await longTaskMs(browser, page));
    });
  }
});
