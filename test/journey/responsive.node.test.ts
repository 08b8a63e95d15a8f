import { expect } from 'chai';
import { buildApp } from '../firmware/image-builder.ts';
import { JOURNEY_MS, useJourney } from './journey.ts';
import { longestTaskMs } from './long-tasks.ts';

const MB = 1024 * 1024;
const NAME = 'Kitchen sensor';
/** The largest flash of an ESP32 module. */
const LARGEST = buildApp({ sizeBytes: 16 * MB, version: '1.4.2' });
/** What browsers call a long task. */
const LONG_TASK_MS = 50;

describe('The page with 16 MB', function () {
  this.timeout(2 * JOURNEY_MS);
  const journey = useJourney();

  it('has no task over 50 ms while it reads, hashes, keeps and sends the file', async () => {
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
    expect(longest).to.be.at.most(LONG_TASK_MS);
    expect(served.device.runningImage).to.deep.equal(LARGEST);
    app.expectAllWell();
  });

  for (const [where, reads] of [
    ['a task of its own', 0],
    ['what goes on after a file was read', 1],
  ] as const) {
    it(`would be seen to have one: twice that in ${where} is found`, async () => {
      const { browser } = journey();
      const app = await journey().open();
      const longest = await longestTaskMs(browser, app.page, () =>
        app.page.evaluate(
          async ([bytes, times]) => {
            for (let time = 0; time < times; time += 1) await new Blob(['read']).arrayBuffer();
            // Work, not time: on a busy machine 100 ms may pass with nothing done.
            const numbers = new Float64Array(bytes / 8).map(() => Math.sin(performance.now()));
            return numbers.sort()[0];
          },
          [16 * MB, reads] as const,
        ),
      );
      expect(longest).to.be.greaterThan(LONG_TASK_MS);
    });
  }
});
