import { expect } from 'chai';
import { buildApp } from '../../firmware/image-builder.ts';
import { AppPage } from '../app-page.ts';
import { Brake, BRAKED } from '../brake.ts';
import { JOURNEY_MS, useJourney } from '../journey.ts';
import { keptOffline, useOfflineHost } from './offline-host.ts';

const NAME = 'Kitchen sensor';
const IMAGE = buildApp({ sizeBytes: 256 * 1024, version: '1.4.2' });

describe('A page that opened while its host was stopped', function () {
  this.timeout(JOURNEY_MS);
  const journey = useJourney();
  const host = useOfflineHost();

  it('misses the host, and goes on through it when it is back', async () => {
    const brake = new Brake();
    // No page but its own may read it: only the gateway gets there.
    const served = await journey().device({ cors: null, clock: brake, costs: BRAKED });
    const context = await journey().profile();
    const before = await AppPage.open(await context.newPage(), host().url);
    await before.addDevice(NAME, served);
    await before.choose(await journey().file('kitchen.bin', IMAGE));
    await keptOffline(before);
    const held = brake.hold(() => (served.device.session?.written ?? 0) >= IMAGE.length / 3);
    await before.press('Update', NAME);
    await held;
    await host().stop();
    await before.page.close({ runBeforeUnload: false });
    brake.release();

    const app = await AppPage.open(await context.newPage(), host().url);
    await app
      .card(NAME)
      .getByRole('button', { name: /^Resume from [1-9]\d? %$/ })
      .click();
    const said = await app.says('Failed', NAME);
    expect(said).to.contain('The computer that runs Moult doesn’t answer').and.not.contain('power');

    await host().start();
    // Nothing was learned of the device meanwhile, so the button names no place to go on from, and goes on all the same.
    await app.press('Update', NAME);
    await app.says('Updated', NAME);
    expect(served.device.runningImage).to.deep.equal(IMAGE);
    expect(served.device.bytesProgrammedTwice).to.equal(0);
    expect(app.errors.filter((error) => !/ERR_CONNECTION_REFUSED|CORS policy/.test(error))).to.deep.equal([]);
  });

  it('says so at a check, too, and finds the host by itself once the page is looked at', async () => {
    const served = await journey().device({ cors: null });
    const context = await journey().profile();
    const before = await AppPage.open(await context.newPage(), host().url);
    await before.addDevice(NAME, served);
    await before.detailed('Reached through the gateway', NAME);
    await keptOffline(before);
    await before.page.close();
    await host().stop();

    const app = await AppPage.open(await context.newPage(), host().url);
    await app.press('Check', NAME);
    await app
      .card(NAME)
      .getByText(/The computer that runs Moult doesn’t answer/)
      .waitFor();
    await host().start();
    const found = app.page.waitForResponse((response) => response.url().endsWith('/moult.json'));
    await app.page.evaluate(() => window.dispatchEvent(new Event('online')));
    expect((await found).ok()).to.equal(true);
    await app.press('Check', NAME);
    await app.card(NAME).getByText('Online.').waitFor();
  });
});
