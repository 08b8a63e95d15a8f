import { expect } from 'chai';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { chromiumLaunchOptions } from '../../../tools/chromium.ts';
import { AppPage, PATIENCE_MS } from '../app-page.ts';
import { Copied, type Sealed } from './copied-profile.ts';
import { JOURNEY_MS, useJourney } from '../journey.ts';

const PASSPHRASE = 'correct horse battery';
/** What the database holds of the one device's token. */
function sealedToken(page: Page): Promise<Sealed> {
  return page.evaluate(async () => {
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open('moult');
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(new Error('no database', { cause: opening.error }));
    });
    const [record] = await new Promise<readonly { place: string; sealed: { iv: Uint8Array; data: ArrayBuffer } }[]>(
      (resolve, reject) => {
        const asking = db.transaction('vault').objectStore('vault').getAll();
        asking.onsuccess = () => resolve(asking.result as never);
        asking.onerror = () => reject(new Error('no records', { cause: asking.error }));
      },
    );
    db.close();
    if (record === undefined) throw new Error('no token is kept');
    const { place, sealed } = record;
    return { place, iv: [...sealed.iv], data: [...new Uint8Array(sealed.data)] };
  });
}

describe('Of a browser profile that is copied', function () {
  this.timeout(JOURNEY_MS);
  const journey = useJourney();
  let profile: string;

  beforeEach(async () => {
    profile = await mkdtemp(join(tmpdir(), 'moult-profile-'));
  });
  afterEach(() => rm(profile, { recursive: true, force: true }));

  async function inProfile<T>(act: (app: AppPage) => Promise<T>): Promise<T> {
    const context = await chromium.launchPersistentContext(profile, await chromiumLaunchOptions());
    try {
      context.setDefaultTimeout(PATIENCE_MS);
      return await act(await AppPage.open(await context.newPage(), journey().host.url));
    } finally {
      await context.close();
    }
  }

  async function go({ page }: AppPage, place: string): Promise<void> {
    await page.getByRole('link', { name: place, exact: true }).filter({ visible: true }).click();
  }

  async function lock(app: AppPage): Promise<void> {
    await go(app, 'More');
    await app.button('Set a passphrase').click();
    await app.page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await app.page.getByLabel('Repeat it').fill(PASSPHRASE);
    await app.button('Lock the tokens').click();
    await app.button('Lock now').waitFor();
  }

  it('a token that was kept before the lock may be read, as the page says', async () => {
    const served = await journey().device();
    const before = await inProfile(async (app) => {
      await app.addDevice('Kitchen sensor', served);
      const sealed = await sealedToken(app.page);
      await lock(app);
      await app.button('New token for Kitchen sensor').waitFor();
      return sealed;
    });
    const copied = await Copied.of(profile);
    expect(copied.has(served.token), 'in the clear').to.equal(false);
    expect(copied.opened(before), 'by the key that lies beside it').to.equal(served.token);
  });

  it('a token that was first saved under the lock is opened by nothing that lies in it', async () => {
    const served = await journey().device();
    const sealed = await inProfile(async (app) => {
      await lock(app);
      await go(app, 'Devices');
      await app.addDevice('Kitchen sensor', served);
      return sealedToken(app.page);
    });
    const copied = await Copied.of(profile);
    expect(copied.has(served.token), 'in the clear').to.equal(false);
    expect(copied.has(PASSPHRASE), 'the passphrase').to.equal(false);
    expect(copied.opened(sealed), 'by any key there').to.equal(null);
  });
});
