/** A sketch with ArduinoOTA, which announces itself and fetches its firmware from the host: from “Find devices” to “Accepted”. */
import { expect } from 'chai';
import { readAnnounced } from '../../../src/host/serve/announced.ts';
import type { FoundDevice } from '../../../src/model/device/found-device.ts';
import type { EspotaOptions } from '../../../src/simulator/espota/options.ts';
import { SimulatedEspota } from '../../../src/simulator/espota/simulated-espota.ts';
import { serveEspota } from '../../../src/simulator/node/espota-server.ts';
import { buildApp } from '../../firmware/image-builder.ts';
import type { AppPage } from '../app-page.ts';
import { JOURNEY_MS, useJourney } from '../journey.ts';
import { useClosing } from '../../host/closing.ts';

const NAME = 'shelf-sketch';
const PASSWORD = 'open-sesame';
/** More than a megabyte, which a wrong password must not cost. */
const IMAGE = buildApp({ python: false, strings: ['.'.repeat(300)], sizeBytes: 1_200_000 });

describe('A sketch with ArduinoOTA', function () {
  this.timeout(JOURNEY_MS);
  /** What the network says when somebody looks for devices. */
  let found: readonly FoundDevice[] = [];
  const journey = useJourney({ host: { discover: () => Promise.resolve(found) } });
  const closing = useClosing();

  async function served(options: Partial<EspotaOptions> = {}) {
    const device = new SimulatedEspota({ awayMs: 4_000, password: PASSWORD, ...options });
    const { origin, close } = await serveEspota(device, { port: 0 });
    closing.push(close);
    const { hostname, port } = new URL(origin);
    const txt = device.announced(Number(port)) ?? {};
    // The list leaves this machine's own addresses out.
    const heard = readAnnounced('arduino', { name: NAME, port: Number(port), addresses: ['192.168.1.60'], txt });
    found = heard.map((each) => ({ ...each, dialect: 'espota', address: `http://${hostname}:${port}` }));
    return { device, origin };
  }

  async function add(app: AppPage, password: string): Promise<void> {
    await app.button('Add device').first().click();
    const dialog = app.page.getByRole('dialog', { name: 'Device' });
    await dialog.getByRole('button', { name: 'Find devices' }).click();
    await dialog.getByRole('button', { name: /^shelf-sketch.*Arduino sketch, esp32/ }).click();
    await dialog.getByLabel('Password', { exact: true }).fill(password);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await app.card(NAME).waitFor();
  }

  /** What is asked first, since the device tells nothing of its chip. */
  async function sendAnyway(app: AppPage): Promise<void> {
    await app.choose(await journey().file('sketch.bin', IMAGE));
    await app.press('Send anyway…', NAME);
    const question = app.page.getByRole('alertdialog');
    await question.getByRole('textbox').fill(NAME);
    await question.getByRole('button', { name: 'Send anyway' }).click();
  }

  it('is found, and fetches the file from the host, which says no more of it than it can know', async () => {
    const { device, origin } = await served();
    const app = await journey().open();
    await add(app, PASSWORD);
    await sendAnyway(app);
    const said = await app.says('Accepted by the device', NAME);
    expect(said).to.include('It reports nothing of what it runs');
    expect(device.runningImage).to.deep.equal(IMAGE);
    expect(device.updates).to.deep.equal([{ written: IMAGE.length, isTaken: true }]);
    expect(
      app.urls.filter((url) => url.startsWith(origin)),
      'what the page asks the device',
    ).to.deep.equal([]);
    expect(app.urls.filter((url) => url.includes(PASSWORD))).to.deep.equal([]);
    expect(app.errors).to.deep.equal([]);
  });

  it('does not fetch the file with a wrong password, and the card says which it wants', async () => {
    const { device } = await served();
    const app = await journey().open();
    await add(app, 'another');
    await sendAnyway(app);
    const said = await app.says('Failed', NAME);
    expect(said).to.include('The device needs its password for updates, or refused the saved one');
    expect(said).to.include('or its sketch has it');
    expect(device.updates).to.deep.equal([]);
  });
});
