import { expect } from 'chai';
import { buildApp } from '../../firmware/image-builder.ts';
import { JOURNEY_MS, useJourney } from '../journey.ts';

const NAME = 'Kitchen sensor';
const IMAGE = buildApp({ sizeBytes: 96 * 1024, version: '1.4.2' });

describe('The service worker', function () {
  this.timeout(JOURNEY_MS);
  const journey = useJourney();

  it('is not even asked about what goes to a device', async () => {
    const served = await journey().device();
    const app = await journey().open();
    await app.page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await app.addDevice(NAME, served);
    await app.choose(await journey().file('kitchen.bin', IMAGE));
    await app.press('Update', NAME);
    await app.says('Updated', NAME);
    // Chromium's word on which of its routes a request took.
    const routes = await app.page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .filter(({ name }) => name.includes('/ota/chunk'))
        .map((entry) => Reflect.get(entry, 'workerFinalSourceType') as unknown),
    );
    expect(routes).not.to.be.empty;
    expect(new Set(routes)).to.deep.equal(new Set(['network']));
    app.expectAllWell();
  });
});
