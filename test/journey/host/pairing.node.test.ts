/** A phone and the host: from the code in the terminal to an update through the gateway, and out again. */
import { expect } from 'chai';
import type { BrowserContext, Page } from 'playwright-core';
import { buildApp } from '../../firmware/image-builder.ts';
import { AppPage } from '../app-page.ts';
import { axeFindings } from '../axe.ts';
import { JOURNEY_MS } from '../journey.ts';
import { DEVICE_IP, HOST_NAME, hostIn, useLan } from '../lan.ts';

const IMAGE = buildApp({ sizeBytes: 32 * 1024, version: '1.4.2' });
const NAME = 'Kitchen sensor';

describe('Pairing a browser with the host', function () {
  this.timeout(JOURNEY_MS);
  let image: string;

  const { lan, journey } = useLan(hostIn);
  before(async () => {
    image = await journey().file('kitchen.bin', IMAGE);
  });

  /** Where the page about trust is. By a name: Chromium holds a loopback address for safe without encryption. */
  const plain = (): string => {
    const url = new URL(journey().host.lan()?.plain[0] ?? '');
    url.hostname = HOST_NAME;
    return url.href;
  };
  /** What the terminal shows as a QR code. */
  const scanned = (): string => `${plain()}#pair=${journey().host.pairingCode()}`;

  /** Scans what the terminal shows, and goes on from the page about trust by the link that is named. */
  async function scan(context: BrowserContext, link: string, code = scanned()): Promise<AppPage> {
    const page = await context.newPage();
    const app = AppPage.of(page);
    await page.goto(code);
    await page.getByRole('link', { name: link }).click();
    await app.button('Add device').first().waitFor();
    return app;
  }

  const paired = (page: Page): Promise<void> =>
    page.getByText('Paired: the host now reaches devices for this browser.').waitFor();

  async function more(page: Page): Promise<void> {
    await page.getByRole('link', { name: 'More', exact: true }).filter({ visible: true }).click();
    await page.getByRole('heading', { name: 'Open it on a phone' }).waitFor();
  }

  for (const [place, link, secure] of [
    ['the secure page', 'Open the secure page', true],
    ['plain http', 'Open Moult', false],
  ] as const) {
    it(`takes one scan, by ${place}: then the gateway carries, also after a reload`, async () => {
      const served = await lan().device({ cors: null }, { name: DEVICE_IP });
      const context = await journey().profile();
      const app = await scan(context, link);
      const { page } = app;
      await paired(page);
      expect(await page.evaluate(() => window.isSecureContext)).to.equal(secure);
      expect(page.url(), 'the code has left the address').not.to.contain('pair');
      await page.reload();
      await app.addDevice(NAME, served);
      await app.choose(image);
      await app.press('Update', NAME);
      await app.says('Updated', NAME);
      expect(served.device.runningImage).to.deep.equal(IMAGE);
      expect(await page.getByText('is not paired').count()).to.equal(0);
    });
  }

  it('is kept sealed on a secure page: the key stands nowhere in the database as it is', async () => {
    const { page } = await scan(await journey().profile(), 'Open the secure page');
    await paired(page);
    const record = await page.evaluate(async () => {
      const db = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open('moult');
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(new Error('no database', { cause: opening.error }));
      });
      const record = await new Promise<unknown>((resolve) => {
        const asked = db.transaction('vault').objectStore('vault').get('host');
        asked.onsuccess = () => resolve(asked.result);
      });
      db.close();
      return record as { keeping: string; token?: string };
    });
    expect(record).to.include({ keeping: 'encrypted' }).and.not.have.property('token');
  });

  it('is done for a second phone by a code that the first one shows', async () => {
    const first = await scan(await journey().profile(), 'Open Moult');
    await paired(first.page);
    await more(first.page);
    const shown = first.page.locator('host-note .mono').filter({ hasText: '#pair=' }).first();
    await shown.waitFor();
    const second = await scan(await journey().profile(), 'Open Moult', await shown.innerText());
    await paired(second.page);
  });

  it('is said to be needed, and how to do it, where a browser comes without a code', async () => {
    const served = await lan().device({}, { name: DEVICE_IP });
    const page = await (await journey().profile()).newPage();
    const app = AppPage.of(page);
    await page.goto(`${plain()}index.html`);
    await page.getByText('This browser is not paired with the host').waitFor();
    await app.addDevice(NAME, served);
    await app.choose(image);
    await app.press('Update', NAME);
    await app.says('Updated', NAME);
    await app.detailed('Reached directly.', NAME);
    await more(page);
    await page.getByRole('heading', { name: 'Pair this browser' }).waitFor();
    expect(await axeFindings(page)).to.deep.equal([]);
  });

  it('is refused a code that was used', async () => {
    const code = scanned();
    await paired((await scan(await journey().profile(), 'Open Moult', code)).page);
    const late = await scan(await journey().profile(), 'Open Moult', code);
    await late.page.getByText('Not paired: the code is wrong').waitFor();
  });

  it('ends where this machine’s page revokes it, at once', async () => {
    const served = await lan().device({ cors: null }, { name: DEVICE_IP });
    const phone = await scan(await journey().profile(), 'Open Moult');
    await paired(phone.page);
    await phone.addDevice(NAME, served);
    await phone.detailed('Reached through the gateway', NAME);

    const mine = await journey().open();
    await more(mine.page);
    const list = mine.page.getByRole('list', { name: 'Paired browsers' });
    const last = list.getByRole('listitem').last();
    const id = await last.locator('.mono').innerText();
    await last.getByRole('button', { name: 'Revoke Chrome on Linux' }).click();
    await last.getByRole('button', { name: 'it has to pair again' }).click();
    await mine.page.getByText(id, { exact: true }).waitFor({ state: 'detached' });
    expect(await axeFindings(mine.page)).to.deep.equal([]);

    await phone.press('Check', NAME);
    await phone.page.getByText('This browser is not paired with the host').waitFor();
    await phone.card(NAME).getByText('once this browser is paired').waitFor();
  });
});
