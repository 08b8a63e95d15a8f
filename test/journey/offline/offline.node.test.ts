import { expect } from 'chai';
import { buildApp } from '../../firmware/image-builder.ts';
import { AppPage } from '../app-page.ts';
import { JOURNEY_MS, useJourney } from '../journey.ts';
import { keptOffline, useOfflineHost } from './offline-host.ts';

const IMAGE = buildApp({ sizeBytes: 256 * 1024, version: '1.4.2' });

describe('With the host stopped', function () {
  this.timeout(JOURNEY_MS);
  const journey = useJourney();
  const host = useOfflineHost();

  it('the page opens, has its firmware, and updates a device', async () => {
    const served = await journey().device();
    const context = await journey().profile();
    const before = await AppPage.open(await context.newPage(), host().url);
    await before.addDevice('Kitchen sensor', served);
    await before.choose(await journey().file('kitchen.bin', IMAGE));
    await keptOffline(before);
    before.expectAllWell();
    await before.page.close();
    await host().stop();

    const page = await context.newPage();
    const fromDevice: boolean[] = [];
    page.on('response', (response) => {
      if (new URL(response.url()).origin === served.origin) fromDevice.push(response.fromServiceWorker());
    });
    const app = await AppPage.open(page, host().url);
    await app.button(/^kitchen\.bin/).click();
    await app.judged();
    await app.press('Update', 'Kitchen sensor');
    await app.says('Updated', 'Kitchen sensor');
    expect(served.device.runningImage).to.deep.equal(IMAGE);
    expect(fromDevice, 'no answer of a device came by way of the worker').not.to.be.empty;
    expect(fromDevice.filter((byWorker) => byWorker)).to.deep.equal([]);
    expect(app.errors).to.deep.equal([]);
  });

  it('every place in the page opens, and the host’s own pages lead to it', async () => {
    const context = await journey().profile();
    const before = await AppPage.open(await context.newPage(), host().url);
    await keptOffline(before);
    await before.page.close();
    await host().stop();
    const app = await AppPage.open(await context.newPage(), `${host().url}/trust`);
    for (const place of ['Devices', 'Firmware', 'History', 'More']) {
      await app.page.getByRole('link', { name: place, exact: true }).filter({ visible: true }).click();
      await app.page.getByRole('heading', { level: 1 }).waitFor();
    }
    expect(app.errors).to.deep.equal([]);
    // But for the guide, which is of no use without a network, and says so.
    await app.page.getByRole('link', { name: 'How to prepare a board' }).click();
    await app.page.getByText('This guide is loaded over the network').waitFor();
  });

  it('nothing was ever asked of anybody but the host', async () => {
    const app = await AppPage.open(await (await journey().profile()).newPage(), host().url);
    await keptOffline(app);
    for (const place of ['Firmware', 'History', 'More', 'Devices']) {
      await app.page.getByRole('link', { name: place, exact: true }).filter({ visible: true }).click();
      await app.page.getByRole('heading', { level: 1 }).waitFor();
    }
    app.expectAllWell();
  });
});
