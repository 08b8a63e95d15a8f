/** The rows of docs/browsers.md for pages of the LAN host, with its gateway behind them. */
import { Socket } from 'node:net';
import { expect } from 'chai';
import { buildApp } from '../../firmware/image-builder.ts';
import { asPrepared } from '../../../src/simulator/server/cors.ts';
import type { AppPage } from '../app-page.ts';
import { axeFindings } from '../axe.ts';
import { Brake, BRAKED } from '../brake.ts';
import { JOURNEY_MS, type ServedDevice } from '../journey.ts';
import type { FoundDevice } from '../../../src/model/device/found-device.ts';
import { aFoundDevice } from '../../a-found-device.ts';
import { DEVICE_NAMES, HOST_NAME, hostIn, INTO_THE_NETWORK, NO_ONE, useLan } from '../lan.ts';
import { OfflineHost } from '../offline/offline-host.ts';

const IMAGE = buildApp({ sizeBytes: 64 * 1024, version: '1.4.2' });
const NAME = 'Kitchen sensor';

describe('A page of the LAN host', function () {
  this.timeout(JOURNEY_MS);
  let image: string;
  let found: readonly FoundDevice[] = [];
  /** Whether the host's machine gets through to devices. */
  let reaches = true;

  const { lan, journey } = useLan((network) => ({
    ...hostIn(network),
    connect: (address, port) =>
      reaches ? INTO_THE_NETWORK.connect(address, port) : new Socket().destroy(new Error('no way there')),
    discover: async () => found,
  }));
  before(async () => {
    image = await journey().file('kitchen.bin', IMAGE);
  });
  afterEach(() => (reaches = true));

  async function update(app: AppPage, served: ServedDevice): Promise<void> {
    await app.choose(image);
    await app.press('Update', NAME);
    await app.says('Updated', NAME);
    expect(served.device.runningImage).to.deep.equal(IMAGE);
  }

  /** Opens the page at `url`, and waits until it is paired where that is what it came for. */
  async function openAt(url: string): Promise<AppPage> {
    const app = await journey().open(undefined, url);
    if (url.includes('#pair=')) await app.page.getByText(/^Paired: /).waitFor();
    return app;
  }

  const says = (app: AppPage, words: string | RegExp): Promise<void> => app.card(NAME).getByText(words).waitFor();

  function at(scheme: 'http' | 'https'): string {
    const urls = journey().host.lan()?.[scheme === 'https' ? 'secure' : 'plain'] ?? [];
    const url = new URL(urls[0] ?? '');
    url.hostname = HOST_NAME;
    // The plain address leads to the page about trust; the app is beside it.
    if (scheme === 'http') url.pathname = '/index.html';
    // As it stands in the terminal. Each browser of these tests is a new one.
    url.hash = `pair=${journey().host.pairingCode()}`;
    return url.href;
  }

  const places: readonly (readonly [name: string, url: () => string, secure: boolean])[] = [
    ['http://localhost', () => journey().host.url, true],
    ['https on the LAN', () => at('https'), true],
    ['plain http on the LAN, which is no secure context', () => at('http'), false],
  ];

  for (const [place, url, secure] of places) {
    describe(`at ${place}`, () => {
      for (const name of DEVICE_NAMES) {
        it(`updates http://${name} through the gateway, CORS or not, without a preflight, and says so`, async () => {
          for (const cors of [asPrepared('*'), null]) {
            const served = await lan().device({ cors }, { name });
            const app = await openAt(url());
            expect(await app.page.evaluate(() => window.isSecureContext)).to.equal(secure);
            await app.addDevice(NAME, served);
            await update(app, served);
            await app.detailed('Reached through the gateway', NAME);
            expect(served.device.requests.filter(({ method }) => method === 'OPTIONS')).to.deep.equal([]);
            app.expectAllWell();
          }
        });

        it(`updates http://${name} directly, without a question, where the gateway does not get there`, async () => {
          const served = await lan().device({}, { name });
          reaches = false;
          const app = await openAt(url());
          await app.addDevice(NAME, served);
          await update(app, served);
          await app.detailed('Reached directly.', NAME);
          app.expectAllWell();
        });
      }

      it('updates a device with a certificate of its own through the gateway', async () => {
        const served = await lan().device({}, { https: true });
        const app = await openAt(url());
        await app.addDevice(NAME, served);
        await update(app, served);
        await app.detailed('Reached through the gateway', NAME);
      });

      it('updates a device with http2=True through the gateway, which does not offer HTTP/2', async () => {
        const served = await lan().device({}, { https: true, http2: true });
        const app = await openAt(url());
        await app.addDevice(NAME, served);
        await update(app, served);
        await app.detailed('Reached through the gateway', NAME);
      });

      it('leads phones to itself under “More”, and to the page about trust', async () => {
        const app = await openAt(url());
        await app.page.getByRole('link', { name: 'More', exact: true }).filter({ visible: true }).click();
        await app.page
          .getByRole('img', { name: `Code that leads a phone to ${journey().host.lan()?.plain[0]}` })
          .waitFor();
        await app.page.getByRole('link', { name: 'How to trust this host' }).first().click();
        await app.page.getByRole('heading', { name: 'Moult runs on this network' }).waitFor();
      });
    });
  }

  it('leads from the notice of a plain http page to the page about trust', async () => {
    const app = await openAt(at('http'));
    await app.button('How to trust this host').click();
    await app.page.getByRole('heading', { name: 'Moult runs on this network' }).waitFor();
  });

  it('brings a GET without a token through the gateway from plain http, where the browser says nothing of who asks', async () => {
    const served = await lan().device({ cors: null, token: null });
    const app = await openAt(at('http'));
    await app.addDevice(NAME, { ...served, token: '' });
    await says(app, 'Online.');
    await update(app, served);
    expect(served.device.requests.length).to.be.greaterThan(0);
  });

  it('remembers the route, shows it under Edit, and finds it again when told to', async () => {
    const served = await lan().device({ cors: null });
    const app = await journey().open();
    await app.addDevice(NAME, served);
    await app.detailed('Reached through the gateway', NAME);
    await app.press('Edit', NAME);
    const dialog = app.page.getByRole('dialog', { name: 'Device' });
    await dialog.getByText('More settings').click();
    await dialog.getByText('Reached through the gateway').waitFor();
    await dialog.getByRole('button', { name: 'Find the route again' }).click();
    await dialog.getByText('The route is found at the next request.').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await app.detailed('The route is found at the next request.', NAME);
  });

  it('goes on directly where the host goes in the middle of an update', async () => {
    const brake = new Brake();
    const served = await journey().device({ clock: brake, costs: BRAKED });
    const host = await OfflineHost.begin();
    try {
      const app = await journey().open(undefined, host.url);
      await app.addDevice(NAME, served);
      await app.choose(image);
      const held = brake.hold(() => (served.device.session?.written ?? 0) >= IMAGE.length / 2);
      await app.press('Update', NAME);
      await held;
      const acknowledged = served.device.session?.written;
      await host.stop();
      brake.release();
      await app.says('Updated', NAME);
      await app.detailed('Reached directly.', NAME);
      expect(acknowledged).to.be.greaterThan(0);
      expect(served.device.runningImage).to.deep.equal(IMAGE);
      expect(served.device.bytesProgrammedTwice).to.equal(0);
    } finally {
      await host.end();
    }
  });

  it('says what is wrong behind the gateway', async () => {
    const served = await lan().device({ cors: null });
    const app = await journey().open();
    await app.addDevice(NAME, served, 'another');
    await says(app, /refused the token/);
  });

  it('tells a device that trusts other hosts only, which a page alone cannot read', async () => {
    const served = await lan().device({ allowedHosts: ['kitchen.local'] });
    const app = await journey().open();
    await app.addDevice(NAME, served);
    await says(app, /it isn’t on its list of trusted hosts/);
    await says(app, /TrustedHostMiddleware/);
  });

  it('knows from the gateway that no device has a name', async () => {
    const app = await journey().open();
    await app.addDevice(NAME, { ...(await lan().device()), origin: `http://${NO_ONE}:8080` });
    await says(app, /No device has that name on this network\./);
  });

  it('finds a device on a tap, fills it in, and updates it', async () => {
    const served = await lan().device();
    found = [
      aFoundDevice({ name: 'Kitchen sensor', address: served.origin }),
      aFoundDevice({ name: 'Printer', address: 'http://192.168.1.9:80', kind: 'web' }),
    ];
    const app = await journey().open();
    await app.button('Add device').first().click();
    const dialog = app.page.getByRole('dialog', { name: 'Device' });
    await dialog.getByRole('button', { name: 'Find devices' }).click();
    await dialog.getByRole('button', { name: /Kitchen sensor/ }).click();
    expect(await dialog.getByLabel('Address', { exact: true }).inputValue()).to.equal(served.origin);
    await dialog.getByLabel('Token', { exact: true }).fill(served.token);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await update(app, served);
  });

  it('tells how to trust it on a page that axe finds nothing on', async () => {
    const page = await (await journey().profile()).newPage();
    await page.goto(new URL('/', at('http')).href);
    // The steps for the visitor's own system are open already.
    for (const system of ['Android', 'iPhone and iPad', 'Windows', 'Mac', 'Linux']) {
      const steps = page.locator('details').filter({ has: page.getByText(system, { exact: true }) });
      if ((await steps.getAttribute('open')) === null) await steps.locator('summary').click();
    }
    expect(await page.locator('details[open]').count(), 'systems with their steps shown').to.equal(5);
    expect(await axeFindings(page)).to.deep.equal([]);
  });

  it('says what to do where no device introduced itself', async () => {
    found = [];
    const app = await journey().open();
    await app.button('Add device').first().click();
    const dialog = app.page.getByRole('dialog', { name: 'Device' });
    await dialog.getByRole('button', { name: 'Find devices' }).click();
    await dialog.getByText(/^No devices found/).waitFor();
  });
});
