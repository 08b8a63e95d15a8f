import { readdir, readFile } from 'node:fs/promises';
import { expect } from 'chai';
import type { Mount } from '../../../src/simulator/server/static-files.ts';
import { buildApp } from '../../firmware/image-builder.ts';
import { AppPage } from '../app-page.ts';
import { axeFindings } from '../axe.ts';
import { JOURNEY_MS, useJourney, type ServedDevice } from '../journey.ts';

const IMAGE = buildApp({ sizeBytes: 256 * 1024, version: '1.4.2' });
/** A name that is no secure context: only localhost and loopback addresses are, without https. */
const NAME = 'esp32.test';
const DEVICE = 'This device';

const BUILT = new URL('../../../dist/device/', import.meta.url);

/** As `app.mount("/moult", "/www/moult", html=True)` serves all files of the device build. */
async function mount(): Promise<Mount> {
  // The notices of its libraries lie beside it, for whoever passes it on.
  expect((await readdir(BUILT)).toSorted()).to.deep.equal(['index.html', 'licences.txt']);
  const body = new Uint8Array(await readFile(new URL('index.html', BUILT)));
  return { path: '/moult', files: new Map([['index.html', { type: 'text/html; charset=utf-8', body }]]) };
}

describe('The page that the device itself serves', function () {
  this.timeout(JOURNEY_MS);
  const journey = useJourney({ chromiumArgs: [`--host-resolver-rules=MAP ${NAME} 127.0.0.1`] });

  async function open(served: ServedDevice): Promise<AppPage> {
    const page = await (await journey().profile()).newPage();
    return AppPage.open(page, `http://${NAME}:${new URL(served.origin).port}/moult/`);
  }

  async function giveToken({ page }: AppPage, token: string): Promise<void> {
    const dialog = page.getByRole('dialog', { name: 'Token for this device' });
    await dialog.getByLabel('Token', { exact: true }).fill(token);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
  }

  for (const [dialect, words, besides] of [
    ['shipped', 'Updated', []],
    // Its empty or unknown answers say nothing of what it is, so it is asked what it tells of itself.
    ['documented', 'Accepted by the device', ['/openapi.json']],
  ] as const) {
    it(`asks for the token alone, and updates a ${dialect} device without CORS: “${words}”`, async () => {
      const served = await journey().device({ dialect, cors: null, mount: await mount() });
      const app = await open(served);
      expect(await app.page.evaluate(() => window.isSecureContext)).to.equal(false);
      await giveToken(app, served.token);
      await app.choose(await journey().file('kitchen.bin', IMAGE));
      await app.press('Update', DEVICE);
      await app.says(words, DEVICE);
      expect(served.device.runningImage).to.deep.equal(IMAGE);
      expect(served.device.bytesProgrammedTwice).to.equal(0);
      expect(served.device.requests.filter(({ method }) => method === 'OPTIONS')).to.deep.equal([]);
      // The page is one file, and asks its device for updates, and who it is where they do not tell.
      const paths = new Set(app.urls.map((url) => new URL(url).pathname.replace(/^\/ota\/.*/, '/ota/')));
      expect(paths).to.deep.equal(new Set(['/moult/', '/ota/', ...besides]));
      expect(app.urls.filter((url) => url.includes(served.token))).to.deep.equal([]);
      app.expectAllWell();
    });
  }

  it('is one file of a size that every board sends, and is sent as it is', async () => {
    const { path, files } = await mount();
    const size = files.get('index.html')?.body.length ?? 0;
    // Up to here a board takes a file whole into its buffers, and one without PSRAM has no room for it.
    expect(size).to.be.greaterThan(65_536);
    const served = await journey().device({ mount: { path, files } });
    const page = await (await journey().profile()).newPage();
    const answer = await page.goto(`http://${NAME}:${new URL(served.origin).port}/moult/`);
    expect(await answer?.headerValue('Content-Encoding')).to.equal(null);
    expect(await answer?.headerValue('Content-Length')).to.equal(String(size));
  });

  it('says what the device objects to, as soon as the token is saved', async () => {
    const served = await journey().device({ cors: null, mount: await mount() });
    const app = await open(served);
    await giveToken(app, 'not-the-token');
    const card = app.card(DEVICE);
    await card.getByText(/The device refused the token\..* Check the token under Edit/).waitFor();
    await app.press('Edit', DEVICE);
    await giveToken(app, served.token);
    await card.getByText('Online.').waitFor();
    expect(await card.getByText(/refused the token/).count()).to.equal(0);

    // Saved again without typing it again, the token is kept.
    await app.press('Edit', DEVICE);
    await giveToken(app, '');
    await card.getByText('Online.').waitFor();
    served.device.switchOff();
    await app.press('Check', DEVICE);
    await card.getByText(/No answer came: the device is off/).waitFor();
  });

  it('takes another path and another header under “More settings”', async () => {
    const served = await journey().device({
      ...{ cors: null, mount: await mount(), prefix: '/updates', tokenHeader: 'X-Device-Key' },
    });
    const app = await open(served);
    const dialog = app.page.getByRole('dialog', { name: 'Token for this device' });
    await dialog.getByText('More settings').click();
    await dialog.getByLabel('Update path').fill('/updates');
    await dialog.getByLabel(/^Token header/).fill('not a header');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('A header name can contain only letters, digits and hyphens.').waitFor();
    await dialog.getByLabel(/^Token header/).fill('X-Device-Key');
    await giveToken(app, served.token);
    await app.card(DEVICE).getByText('Online.').waitFor();
    await app.choose(await journey().file('kitchen.bin', IMAGE));
    await app.press('Update', DEVICE);
    await app.says('Updated', DEVICE);
    app.expectAllWell();
  });

  it('asks again after a wrong token, on “Edit”', async () => {
    const served = await journey().device({ cors: null, mount: await mount() });
    const app = await open(served);
    await giveToken(app, 'not-the-token');
    await app.choose(await journey().file('kitchen.bin', IMAGE));
    await app.press('Update', DEVICE);
    await app.says('Failed', DEVICE);
    await app.press('Edit', DEVICE);
    await giveToken(app, served.token);
    await app.press('Update', DEVICE);
    await app.says('Updated', DEVICE);
  });

  it('keeps the token over a reload only where the person ticked it', async () => {
    const served = await journey().device({ cors: null, mount: await mount() });
    const app = await open(served);
    await giveToken(app, served.token);
    await app.reload();
    const dialog = app.page.getByRole('dialog', { name: 'Token for this device' });
    await dialog.getByLabel(/without encryption/).check();
    await giveToken(app, served.token);
    await app.reload();
    await app.card(DEVICE).waitFor();
    await app.choose(await journey().file('kitchen.bin', IMAGE));
    await app.press('Update', DEVICE);
    await app.says('Updated', DEVICE);
    expect(await dialog.count()).to.equal(0);
  });

  it('asks before it does what cannot be taken back', async () => {
    const served = await journey().device({ cors: null, mount: await mount() });
    const app = await open(served);
    await giveToken(app, served.token);
    const question = app.page.getByRole('alertdialog', { name: 'Remove This device?' });
    await app.press('Remove', DEVICE);
    await question.getByRole('button', { name: 'Cancel' }).click();
    await question.waitFor({ state: 'hidden' });
    await app.press('Remove', DEVICE);
    await question.getByRole('button', { name: 'Remove' }).click();
    await app.page.getByText('Reload the page to get its device back.').waitFor();
    expect(await app.page.getByRole('button', { name: 'Add device' }).count()).to.equal(0);
    await app.reload();
    await app.card(DEVICE).waitFor();
    app.expectAllWell();
  });

  it('has nothing that axe finds, in either theme', async () => {
    const served = await journey().device({ cors: null, mount: await mount() });
    const app = await open(served);
    const dialog = app.page.getByRole('dialog', { name: 'Token for this device' });
    await dialog.getByText('More settings').click();
    expect(await axeFindings(app.page)).to.deep.equal([]);
    await giveToken(app, served.token);
    await app.choose(await journey().file('kitchen.bin', IMAGE));
    await app.press('Update', DEVICE);
    await app.says('Updated', DEVICE);
    expect(await axeFindings(app.page)).to.deep.equal([]);
  });

  it('has no button for what it cannot do', async () => {
    const served = await journey().device({ cors: null, mount: await mount() });
    const app = await open(served);
    await giveToken(app, served.token);
    expect(await app.button('Add device').count()).to.equal(0);
    expect(await app.page.getByRole('navigation').count()).to.equal(0);
  });
});
