import { expect } from 'chai';
import { buildApp } from '../firmware/image-builder.ts';
import { JOURNEY_MS, useJourney } from './journey.ts';

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

  it('a file is hashed without SubtleCrypto, and ends up running', async () => {
    const served = await journey().device();
    const { port } = new URL(journey().host.url);
    const app = await journey().open(undefined, `http://${LAN_NAME}:${port}/index.html`);
    expect(await app.page.evaluate(() => ({ secure: isSecureContext, subtle: 'subtle' in crypto }))).to.deep.equal({
      secure: false,
      subtle: false,
    });
    await app.addDevice(NAME, served);
    await app.choose(await journey().file('kitchen.bin', IMAGE));
    await app.press('Update', NAME);
    await app.says('Updated', NAME);
    expect(served.device.runningImage).to.deep.equal(IMAGE);
    app.expectAllWell();
  });
});
