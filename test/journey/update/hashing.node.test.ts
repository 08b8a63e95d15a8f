import { createHash } from 'node:crypto';
import { expect } from 'chai';
import type { BrowserContext, Page } from 'playwright-core';
import { buildApp } from '../../firmware/image-builder.ts';
import { AppPage } from '../app-page.ts';
import { JOURNEY_MS, useJourney } from '../journey.ts';
import { keptOffline, OfflineHost } from '../offline/offline-host.ts';

/** The worker's file as the build names it. */
const WORKER = /\/assets\/hash-worker-[^/]+\.js$/;
const IMAGE = buildApp({ sizeBytes: 5 * 1024 * 1024, version: '1.4.2' });
const NAME = createHash('sha256').update(IMAGE).digest('hex');

declare global {
  interface Window {
    /** Bytes that the window's own SubtleCrypto was asked to hash. */
    hashedHere: number;
  }
}

/** To be called before a page is opened. */
async function watch(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const { subtle } = crypto;
    const digest = subtle.digest.bind(subtle);
    window.hashedHere = 0;
    subtle.digest = (algorithm, bytes) => {
      window.hashedHere += bytes.byteLength;
      return digest(algorithm, bytes);
    };
  });
}

const hashedHere = (page: Page): Promise<number> => page.evaluate(() => window.hashedHere);

/** The file is named by its right hash, and the hash in the image was found right. */
async function expectNamed({ page }: AppPage): Promise<void> {
  const shown = page.getByRole('region', { name: 'What to send' });
  await shown.getByText('complete and unchanged').waitFor();
  expect(await shown.textContent()).to.contain(NAME.slice(0, 8));
}

describe('A file is hashed by SubtleCrypto', function () {
  this.timeout(JOURNEY_MS);
  const journey = useJourney();

  it('in a worker that the page’s policy lets start, and not in the window', async () => {
    const context = await journey().profile();
    await watch(context);
    const app = await journey().open(context);
    const workers: string[] = [];
    app.page.on('worker', (worker) => workers.push(worker.url()));
    await app.choose(await journey().file('kitchen.bin', IMAGE));
    await expectNamed(app);
    expect(await hashedHere(app.page)).to.equal(0);
    expect(workers).to.have.length(1);
    expect(workers[0]).to.match(WORKER);
    app.expectAllWell();
  });

  it('in the worker that the page has kept, with its host stopped', async () => {
    const host = await OfflineHost.begin();
    try {
      const context = await journey().profile();
      await watch(context);
      const before = await AppPage.open(await context.newPage(), host.url);
      await keptOffline(before);
      await before.page.close();
      await host.stop();
      const app = await AppPage.open(await context.newPage(), host.url);
      await app.choose(await journey().file('kitchen.bin', IMAGE));
      await expectNamed(app);
      expect(await hashedHere(app.page)).to.equal(0);
      app.expectAllWell();
    } finally {
      await host.end();
    }
  });

  it('in the window where the worker cannot be fetched, and no error is shown', async () => {
    const context = await journey().profile();
    await watch(context);
    // A browser that keeps no page: the script has to come from the host.
    await context.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'serviceWorker'));
    await context.route(WORKER, (route) => route.abort());
    const app = await journey().open(context);
    await app.choose(await journey().file('kitchen.bin', IMAGE));
    await expectNamed(app);
    // Its name, and the image's own hash, which is over all but the 32 bytes where it stands.
    expect(await hashedHere(app.page)).to.equal(2 * IMAGE.length - 32);
    expect(await app.page.getByRole('list', { name: 'Notices' }).getByText('ran into an error').count()).to.equal(0);
    expect(app.failedRequests.filter((url) => !WORKER.test(url))).to.deep.equal([]);
    app.expectAllWell();
  });
});
