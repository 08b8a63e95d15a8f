/** An ESPHome device, which no browser can speak to: from “Add device” to the minute after its update, by the host. */
import { expect } from 'chai';
import { SimulatedEsphome } from '../../../src/simulator/esphome/simulated-esphome.ts';
import { nodeHashes, serveEsphome } from '../../../src/simulator/node/esphome-server.ts';
import { buildApp } from '../../firmware/image-builder.ts';
import { JOURNEY_MS, useJourney } from '../journey.ts';
import { useClosing } from '../../host/closing.ts';

const NAME = 'Kitchen sensor';

function imageOf(version: string, builtAt: string): Uint8Array<ArrayBuffer> {
  const strings = [`ESPHome version ${version} compiled on %s`, builtAt, '.'.repeat(300)];
  return buildApp({ python: false, project: 'kitchen', version, strings, sizeBytes: 200_000 });
}

const BEFORE = imageOf('2026.6.4', '2026-06-20 10:00:00 +0200');
const IMAGE = imageOf('2026.6.5', '2026-07-01 09:30:00 +0200');

describe('An ESPHome device', function () {
  this.timeout(JOURNEY_MS);
  const journey = useJourney();
  const closing = useClosing();

  it('is found by the host, updated by it, and watched until it stays', async function () {
    // Its API has one port, so that it needs an address of its own: Linux alone has more than one.
    if (process.platform !== 'linux') this.skip();
    const device = new SimulatedEsphome(nodeHashes, { firmware: BEFORE, friendlyName: NAME, password: 'geheim' });
    const served = await serveEsphome(device, { port: 0, host: `127.89.${process.pid % 250}.1` });
    closing.push(() => served.close());
    // Updates run in the page: this one cannot.
    const app = await journey().open(await journey().profile());
    await app.button('Add device').first().click();
    const dialog = app.page.getByRole('dialog', { name: 'Device' });
    await dialog.getByLabel('Address', { exact: true }).fill(served.origin);
    await dialog.getByLabel('Name', { exact: true }).focus();
    await dialog.getByText('This is ESPHome 2026.6.4').waitFor();
    await dialog.getByLabel('Password', { exact: true }).fill('geheim');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await app.card(NAME).getByText('ESPHome 2026.6.4').first().waitFor();
    await app.choose(await journey().file('kitchen.bin', IMAGE));
    await app.press('Update', NAME);
    await app.card(NAME).getByText('The host is doing this. You can close the page.').waitFor();
    await app.says('Waiting to see if it stays', NAME);
    expect(device.runningImage).to.deep.equal(IMAGE);
    expect(
      app.urls.filter((url) => url.startsWith(served.origin)),
      'what the page asks the device',
    ).to.deep.equal([]);
    expect(app.urls.some((url) => url.includes('geheim'))).to.equal(false);
    expect(app.errors).to.deep.equal([]);
  });

  it('needs a host where the page has none, and the card says so', async () => {
    const app = await journey().open(await journey().profile());
    await app.page.route('**/moult.json', (route) => route.fulfill({ status: 404, body: '' }));
    await app.page.reload();
    await app.button('Add device').first().click();
    const dialog = app.page.getByRole('dialog', { name: 'Device' });
    await dialog.getByLabel('Name', { exact: true }).fill(NAME);
    await dialog.getByLabel('Address', { exact: true }).fill('127.0.0.1');
    await dialog.getByLabel('ESPHome', { exact: true }).check();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await app.card(NAME).getByText('Needs a Moult host on this network', { exact: false }).first().waitFor();
  });
});
