/** Devices with an upload page: by the page alone where one of them lets it, and by the host. */
import { expect } from 'chai';
import { formImage, type FormOptions } from '../../../src/simulator/forms/options.ts';
import { SimulatedForm } from '../../../src/simulator/forms/simulated-form.ts';
import { serveWhole } from '../../../src/simulator/node/whole-server.ts';
import { buildApp } from '../../firmware/image-builder.ts';
import { buildEsp8266 } from '../../firmware/other-files-builder.ts';
import type { AppPage } from '../app-page.ts';
import { JOURNEY_MS } from '../journey.ts';
import { useLan } from '../lan.ts';
import { useClosing } from '../../host/closing.ts';

const APP = buildApp({ python: false, strings: ['.'.repeat(300)], sizeBytes: 96 * 1024 });
/** More than a megabyte, which a wrong password must not cost. */
const LARGE = buildApp({ python: false, strings: ['.'.repeat(300)], sizeBytes: 1_200_000 });
const APP_8266 = buildEsp8266();
const NAME = 'Garden sketch';
/** As a person chooses them. */
const PROTOCOLS = { form: 'Upload page (Arduino, ESPEasy)', 'elegant-ota': 'ElegantOTA' } as const;
const LOGIN = { user: 'admin', password: 'open-sesame' };

describe('A device with an upload page', function () {
  this.timeout(JOURNEY_MS);
  const { lan, journey } = useLan();
  const closing = useClosing();

  async function served(options: Partial<FormOptions>) {
    const device = new SimulatedForm({ awayMs: 4_000, firmware: formImage(), ...options });
    const { origin, close } = await serveWhole(device, { port: 0 });
    closing.push(close);
    return { device, origin };
  }

  async function add(
    app: AppPage,
    origin: string,
    protocol: keyof typeof PROTOCOLS,
    login: typeof LOGIN | null = null,
  ): Promise<void> {
    await app.button('Add device').first().click();
    const dialog = app.page.getByRole('dialog', { name: 'Device' });
    await dialog.getByLabel('Name', { exact: true }).fill(NAME);
    await dialog.getByLabel('Address', { exact: true }).fill(origin);
    await dialog.getByText('More settings').click();
    await dialog.getByRole('radio', { name: PROTOCOLS[protocol] }).check();
    if (login !== null) {
      await dialog.getByLabel('User name', { exact: true }).fill(login.user);
      await dialog.getByLabel('Password', { exact: true }).fill(login.password);
    }
    await dialog.getByRole('button', { name: 'Save' }).click();
    await app.card(NAME).waitFor();
  }

  /** What is asked first, since the device tells nothing of its chip. */
  async function sendAnyway(app: AppPage): Promise<void> {
    await app.press('Send anyway…', NAME);
    const question = app.page.getByRole('alertdialog');
    await question.getByRole('textbox').fill(NAME);
    await question.getByRole('button', { name: 'Send anyway' }).click();
  }

  it('is updated by a page without a host, where it is an ESP8266 without a password', async () => {
    const { device, origin } = await served({ chip: 'ESP8266' });
    const app = await journey().open(undefined, await lan().localPage());
    await add(app, origin, 'form');
    await app.choose(await journey().file('sketch.bin', APP_8266));
    await sendAnyway(app);
    await app.says('Accepted by the device', NAME);
    expect(device.runningImage).to.deep.equal(APP_8266);
    expect(
      device.requests.filter(({ method }) => method === 'OPTIONS'),
      'the browser asked first',
    ).to.have.length(1);
    // Its page may not be read, which the console says at each look.
    expect(app.errors.filter((error) => !error.includes('has been blocked by CORS policy'))).to.deep.equal([]);
  });

  it('is sent nothing by such a page where it does not let pages read it', async () => {
    const { device, origin } = await served({});
    const app = await journey().open(undefined, await lan().localPage());
    await add(app, origin, 'form');
    await app.choose(await journey().file('sketch.bin', APP));
    await sendAnyway(app);
    const said = await app.says('Failed', NAME);
    expect(said).to.include('Needs a Moult host on this network');
    expect(device.requests.filter(({ method }) => method === 'POST')).to.have.length(0);
  });

  for (const [protocol, options] of [
    ['form', { wantsOrigin: true, login: LOGIN }],
    ['elegant-ota', { kind: 'elegant-3', login: LOGIN }],
  ] as const) {
    it(`is updated by the host: “${protocol}”, signed in to`, async () => {
      const { device, origin } = await served(options);
      const app = await journey().open();
      await add(app, origin, protocol, LOGIN);
      await app.choose(await journey().file('sketch.bin', APP));
      await sendAnyway(app);
      await app.says('Accepted by the device', NAME);
      expect(device.runningImage).to.deep.equal(APP);
      // While its address was typed it was asked what it is.
      const asked = app.urls.filter((url) => url.startsWith(origin) && !url.endsWith('/openapi.json'));
      expect(asked, 'what the page asks the device').to.deep.equal([]);
      expect(app.urls.filter((url) => url.includes(LOGIN.password))).to.deep.equal([]);
      expect(app.errors.filter((error) => !error.includes('has been blocked by CORS policy'))).to.deep.equal([]);
    });

    it(`is sent not a byte of the file with a wrong password: “${protocol}”`, async () => {
      const { device, origin } = await served(options);
      const app = await journey().open();
      await add(app, origin, protocol, { ...LOGIN, password: 'another' });
      await app.choose(await journey().file('sketch.bin', LARGE));
      await sendAnyway(app);
      expect(await app.says('Failed', NAME)).to.include('Enter those of its web page under Edit');
      expect(device.requests.filter(({ method }) => method === 'POST')).to.deep.equal([]);
      // Nor is ElegantOTA asked to begin.
      expect(device.requests.filter(({ path }) => path.startsWith('/ota/start'))).to.deep.equal([]);
    });
  }
});
