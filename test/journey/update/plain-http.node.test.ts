import { expect } from 'chai';
import { buildApp } from '../../firmware/image-builder.ts';
import { Brake, BRAKED } from '../brake.ts';
import { JOURNEY_MS, useJourney } from '../journey.ts';

/** Stands for an address on the LAN; a second loopback address, so that nothing leaves the machine. */
const LAN_ADDRESS = '127.0.0.2';
const LAN_NAME = 'moult.test';
const NAME = 'Kitchen sensor';
const IMAGE = buildApp({ sizeBytes: 512 * 1024, version: '1.4.2' });

describe('On a page from plain http on the LAN', function () {
  this.timeout(JOURNEY_MS);
  const journey = useJourney({
    host: { lan: { port: 0, addresses: () => [LAN_ADDRESS], names: [LAN_NAME], now: () => Date.now() } },
    chromiumArgs: [`--host-resolver-rules=MAP ${LAN_NAME} ${LAN_ADDRESS}`],
  });

  it('a file is hashed without SubtleCrypto and ends up running, and the person is asked to keep the screen on', async () => {
    const brake = new Brake();
    const served = await journey().device({ clock: brake, costs: BRAKED });
    const { device } = served;
    const { port } = new URL(journey().host.url);
    const app = await journey().open(undefined, `http://${LAN_NAME}:${port}/index.html`);
    const lacks = await app.page.evaluate(() => [isSecureContext, 'subtle' in crypto, 'wakeLock' in navigator]);
    expect(lacks).to.deep.equal([false, false, false]);
    await app.addDevice(NAME, served);
    await app.choose(await journey().file('kitchen.bin', IMAGE));
    const keepOn = app.page.getByRole('list', { name: 'Notices' }).getByText('Keep it on yourself until the update');
    expect(await keepOn.count()).to.equal(0);
    const held = brake.hold(() => (device.session?.written ?? 0) >= IMAGE.length / 2);
    await app.press('Update', NAME);
    await held;
    await keepOn.waitFor();
    brake.release();
    await app.says('Updated', NAME);
    await keepOn.waitFor({ state: 'detached' });
    expect(device.runningImage).to.deep.equal(IMAGE);
    app.expectAllWell();
  });
});
