/** The rows of docs/browsers.md for pages without a gateway: the update is done, or the doctor says why not. */
import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import type { BrowserContext, CDPSession } from 'playwright-core';
import { SECURITY_HEADERS } from '../../../src/host/serve/headers.ts';
import { GENEROUS_REQUEST_BYTES } from '../../../src/simulator/server/server-limits.ts';
import { buildApp } from '../../firmware/image-builder.ts';
import type { AppPage } from '../app-page.ts';
import { SAYS_OFF } from '../published/as-published.ts';
import { JOURNEY_MS, type ServedDevice } from '../journey.ts';
import { DEVICE_IP, DEVICE_NAMES, NO_ONE, useLan } from '../lan.ts';

const IMAGE = buildApp({ sizeBytes: 64 * 1024, version: '1.4.2' });
const NAME = 'Kitchen sensor';

describe('A page without a gateway', function () {
  this.timeout(JOURNEY_MS);
  let image: string;

  const { lan, journey } = useLan();
  before(async () => {
    image = await journey().file('kitchen.bin', IMAGE);
  });

  async function update(app: AppPage, served: ServedDevice): Promise<void> {
    await app.choose(image);
    await app.press('Update', NAME);
    await app.says('Updated', NAME);
    expect(served.device.runningImage).to.deep.equal(IMAGE);
  }

  const says = (app: AppPage, words: string | RegExp): Promise<void> => app.card(NAME).getByText(words).waitFor();

  describe('from a public https host', () => {
    let url: string;
    let context: BrowserContext;
    let app: AppPage;

    before(async () => {
      url = await lan().publicPage('https');
    });
    beforeEach(async () => {
      context = await journey().profile();
    });

    const permit = (): Promise<void> =>
      context.grantPermissions(['local-network-access'], { origin: new URL(url).origin });

    /** As the browser's own settings do; Playwright grants only. It holds until the session is detached. */
    async function deny(): Promise<CDPSession> {
      const session = await context.newCDPSession(app.page);
      const { targetInfo } = await session.send('Target.getTargetInfo');
      const { browserContextId } = targetInfo;
      const { origin } = new URL(url);
      const denied = await Promise.allSettled(
        ['local-network', 'local-network-access'].map((name) =>
          session.send('Browser.setPermission', {
            ...{ permission: { name }, setting: 'denied', origin },
            ...(browserContextId === undefined ? {} : { browserContextId }),
          }),
        ),
      );
      // Chromium 142 to 144 know the permission by its first name alone.
      expect(denied.map(({ status }) => status)).to.include('fulfilled');
      return session;
    }

    for (const name of DEVICE_NAMES) {
      it(`updates http://${name} once the browser may reach the network`, async () => {
        const served = await lan().device({}, { name });
        await permit();
        app = await journey().open(context, url);
        await app.addDevice(NAME, served);
        await update(app, served);
        await app.detailed('Reached directly.', NAME);
        app.expectAllWell();
      });
    }

    it('tells a certificate that is not trusted, and opens the device in a tab', async () => {
      const served = await lan().device({}, { https: true });
      await permit();
      app = await journey().open(context, url);
      await app.addDevice(NAME, served);
      await says(app, /browser may not trust its certificate/);
      const link = app.card(NAME).getByRole('link', { name: 'Open the device in a tab' });
      expect(await link.getAttribute('href')).to.equal(`${served.origin}/`);
    });

    for (const name of DEVICE_NAMES.filter((each) => each !== DEVICE_IP)) {
      it(`asks for http://${name} on a tap, and says where to allow it after a “Block”`, async () => {
        const served = await lan().device({}, { name });
        app = await journey().open(context, url);
        await app.addDevice(NAME, served);
        await says(app, /hasn’t been allowed to reach devices on your network yet/);
        expect(served.device.requests).to.deep.equal([]);
        await deny();
        await app.press('Allow local network', NAME);
        await says(app, /is set to block this page from devices on your network/);
        expect(served.device.requests).to.deep.equal([]);
      });
    }

    it('sends nothing before the tap, says what will appear, and then goes on with the update', async () => {
      const served = await lan().device();
      app = await journey().open(context, url);
      await app.addDevice(NAME, served);
      await says(app, /hasn’t been allowed to reach devices on your network yet/);
      await app.choose(image);
      await app.press('Update', NAME);
      await app.says('Failed', NAME);
      await says(app, 'The browser will ask whether this page may reach devices on your local network. Choose Allow.');
      expect(served.device.requests).to.deep.equal([]);
      // Nobody can answer in a headless browser: the answer is given ahead of the tap that brings the question up.
      await permit();
      await app.press('Allow local network', NAME);
      await app.says('Updated', NAME);
      expect(served.device.runningImage).to.deep.equal(IMAGE);
      app.expectAllWell();
    });

    it('says where to allow it where the question was answered with Block', async () => {
      const served = await lan().device();
      app = await journey().open(context, url);
      await app.addDevice(NAME, served);
      await app.card(NAME).getByRole('button', { name: 'Allow local network' }).waitFor();
      // Nobody can answer in a headless browser: the answer is given ahead of the tap.
      await deny();
      await app.press('Allow local network', NAME);
      await says(app, /is set to block this page from devices on your network/);
      expect(served.device.requests).to.deep.equal([]);
    });

    it('says where to allow it where the person has denied it', async () => {
      const served = await lan().device();
      app = await journey().open(context, url);
      const settings = await deny();
      await app.addDevice(NAME, served);
      await says(app, /is set to block this page from devices on your network/);
      await says(app, /set Local network access to Allow/);
      expect(served.device.requests).to.deep.equal([]);
      await settings.detach();
      await permit();
      await app.press('Try again', NAME);
      await says(app, 'Online.');
    });

    it('says that no https page reaches a public http address, and what does', async () => {
      app = await journey().open(context, url);
      await app.addDevice(NAME, { ...(await lan().device()), origin: 'http://ota.example:8080' });
      await says(app, /doesn’t let an https page reach ota\.example:8080/);
      await says(app, 'In the folder of Moult’s source, on a computer on the same network:');
      // What a new machine is told to do: the same line.
      const command = 'npm ci && npm start';
      expect(await readFile(new URL('../../../README.md', import.meta.url), 'utf8')).to.contain(`\n${command} `);
      await says(app, command);
    });
  });

  describe('from a public http host', () => {
    let url: string;

    before(async () => {
      url = await lan().publicPage('http');
    });

    for (const [name, https] of [...DEVICE_NAMES.map((each) => [each, false] as const), [DEVICE_IP, true] as const]) {
      it(`says of ${https ? 'https' : 'http'}://${name} that only https can ask, and leads there`, async () => {
        const served = await lan().device({}, { name, https });
        const app = await journey().open(undefined, url);
        await app.addDevice(NAME, served);
        await says(app, /was loaded over http from outside your network/);
        const link = app.card(NAME).getByRole('link', { name: 'Open this page over https' });
        expect(await link.getAttribute('href')).to.equal(new URL(url).origin.replace('http:', 'https:'));
        expect(served.device.requests).to.deep.equal([]);
      });
    }
  });

  describe('from http://localhost', () => {
    let url: string;

    before(async () => {
      url = await lan().localPage();
    });

    for (const name of DEVICE_NAMES) {
      it(`updates http://${name}`, async () => {
        const served = await lan().device({}, { name });
        const app = await journey().open(undefined, url);
        await app.addDevice(NAME, served);
        await update(app, served);
        await app.detailed('Reached directly.', NAME);
        app.expectAllWell();
      });
    }

    for (const [dialect, words] of [
      ['shipped', 'Updated'],
      ['documented', 'Accepted by the device'],
    ] as const) {
      it(`asks the device ${dialect === 'shipped' ? 'before each chunk' : 'once for all chunks'}, ${dialect}`, async () => {
        // Where the first chunk of documented did not fit, its session would have to run out.
        const served = await lan().device({ dialect, requestBytes: GENEROUS_REQUEST_BYTES });
        const app = await journey().open(undefined, url);
        await app.addDevice(NAME, served);
        await app.choose(image);
        await app.press('Update', NAME);
        await app.says(words, NAME);
        const chunks = served.device.requests.filter(({ path }) => /\/(write$|chunk\?)/.test(path));
        const posts = chunks.filter(({ method }) => method === 'POST').length;
        expect(posts).to.be.greaterThan(3);
        expect(chunks.length - posts).to.equal(dialect === 'shipped' ? posts : 1);
        app.expectAllWell();
      });
    }

    it('names CORS and gives the lines for this page, where the device lists nobody', async () => {
      const served = await lan().device({ cors: null });
      const app = await journey().open(undefined, url);
      await app.addDevice(NAME, served);
      await says(app, /doesn’t let this page read the answer\. Most likely the device doesn’t list http:\/\/localhost/);
      await says(app, new RegExp(`allow_origins=\\["${new URL(url).origin}"\\]`));
    });

    it('names CORS where the device lists the page, and not the header of the token', async () => {
      const served = await lan().device({ cors: { origins: '*', headers: ['Content-Type'], maxAgeSeconds: 0 } });
      const app = await journey().open(undefined, url);
      await app.addDevice(NAME, served);
      await says(app, /lists this page, but not the header that carries the token/);
    });

    it('tells a closed port', async () => {
      const served = await lan().device();
      await served.close();
      const app = await journey().open(undefined, url);
      await app.addDevice(NAME, { ...served, origin: served.origin });
      await says(app, `No HTTP answer came from ${DEVICE_IP}:${served.port}.`);
    });

    it('finds the port that answers, and moves there', async () => {
      const served = await lan().device({}, { port: 8080 });
      const closed = await lan().device();
      await closed.close();
      const app = await journey().open(undefined, url);
      await app.addDevice(NAME, { ...served, origin: closed.origin });
      await app.press('Try port 8080', NAME);
      await says(app, 'Online.');
      await update(app, served);
    });

    it('tells a name that nobody has', async () => {
      const app = await journey().open(undefined, url);
      await app.addDevice(NAME, { ...(await lan().device()), origin: `http://${NO_ONE}:8080` });
      await says(app, /There may be no device with that name here/);
    });

    it('tells a wrong prefix', async () => {
      // One that tells nothing of itself: else the right prefix is found when it is added.
      const served = await lan().device({ prefix: '/updates', docs: null });
      const app = await journey().open(undefined, url);
      await app.addDevice(NAME, served);
      await says(app, `Something answers at ${DEVICE_IP}:${served.port}, but has nothing at /ota/status.`);
    });

    it('tells a wrong token, and leads to its field', async () => {
      const served = await lan().device();
      const app = await journey().open(undefined, url);
      await app.addDevice(NAME, served, 'another');
      await says(app, /refused the token/);
      await says(app, 'The device answered, but the check failed.');
      await app.press('Edit token', NAME);
      const field = app.page.getByRole('dialog', { name: 'Device' }).getByLabel('Token', { exact: true });
      await field.waitFor();
      expect(await field.evaluate((input) => input.matches(':focus'))).to.equal(true);
    });

    it('tells a certificate that is not trusted, and opens the device in a tab', async () => {
      const served = await lan().device({}, { https: true });
      const app = await journey().open(undefined, url);
      await app.addDevice(NAME, served);
      await says(app, /browser may not trust its certificate/);
      const link = app.card(NAME).getByRole('link', { name: 'Open the device in a tab' });
      expect(await link.getAttribute('href')).to.equal(`${served.origin}/`);
    });

    it('names http2=True where no secure connection carries a request, and does not say that the device is off', async () => {
      const trusted = { name: 'board.local', https: true, isTrusted: true };
      const plain = await lan().device({}, trusted);
      const app = await journey().open(undefined, url);
      await app.addDevice('By https alone', plain);
      await app.card('By https alone').getByText('Online.').waitFor();
      const served = await lan().device({}, { ...trusted, http2: true });
      await app.addDevice(NAME, served);
      await says(app, /the device runs with http2=True/);
      expect(await app.card(NAME).textContent()).not.to.match(SAYS_OFF);
      expect(served.device.requests).to.deep.equal([]);
    });

    it('tells that there is no network, and finds the device once there is', async () => {
      const served = await lan().device();
      served.device.switchOff();
      const context = await journey().profile();
      const app = await journey().open(context, url);
      await app.addDevice(NAME, served);
      // The doctor's words are here from now on. Without a service worker, a page can only use what it has loaded.
      await says(app, /No HTTP answer/);
      await context.setOffline(true);
      await app.press('Check', NAME);
      await says(app, /isn’t on a network/);
      served.device.restart(0);
      await context.setOffline(false);
      await app.press('Try again', NAME);
      await says(app, 'Online.');
    });

    it('tells that the page’s own policy is in the way', async () => {
      const strict = { ...SECURITY_HEADERS, 'Content-Security-Policy': "connect-src 'self'" };
      const served = await lan().device();
      const app = await journey().open(undefined, await lan().localPage(strict));
      await app.addDevice(NAME, served);
      await says(app, /The security policy of this page blocks requests to/);
      await says(app, "connect-src 'self' http: https:");
    });
  });
});
