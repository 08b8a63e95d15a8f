import { expect } from 'chai';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { AppPage } from '../app-page.ts';
import { JOURNEY_MS, useJourney } from '../journey.ts';
import { keptOffline, OfflineHost } from './offline-host.ts';

const OTHER = '<!doctype html><html lang="en"><title>other project</title><p>other project</p></html>';

describe('Another server on the host’s port', function () {
  this.timeout(JOURNEY_MS);
  const journey = useJourney();
  let host: OfflineHost;
  let stranger: Server | null = null;

  beforeEach(async () => {
    host = await OfflineHost.begin();
  });
  afterEach(async () => {
    await leave();
    await host.end();
  });

  /** Takes the host's port, as `vite preview` of another project does. */
  async function come(answer: RequestListener): Promise<void> {
    await host.stop();
    const server = createServer(answer);
    await new Promise<void>((resolve, reject) => {
      server.on('error', reject);
      server.listen(Number(new URL(host.url).port), 'localhost', resolve);
    });
    expect((server.address() as AddressInfo).port).to.equal(Number(new URL(host.url).port));
    stranger = server;
  }

  async function leave(): Promise<void> {
    const server = stranger;
    stranger = null;
    if (server === null) return;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }

  const html: RequestListener = (_request, response) => response.setHeader('Content-Type', 'text/html').end(OTHER);

  /** A page of Moult's that is kept, and closed again. */
  async function installed(): Promise<Page> {
    const context = await journey().profile();
    const app = await AppPage.open(await context.newPage(), host.url);
    await keptOffline(app);
    await app.page.close();
    return context.newPage();
  }

  const cachesThere = (page: Page): Promise<readonly string[]> =>
    page.evaluate(async () => (await caches.keys()).filter((name) => name !== 'theirs'));

  async function isMoult(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'Add device' }).first().waitFor();
    expect(await page.title()).to.equal('Moult');
  }

  it('is shown, and finds nothing of the worker or of what it kept; Moult comes back afterwards', async () => {
    const page = await installed();
    await come(html);
    await page.goto(host.url);
    expect(await page.title()).to.equal('other project');
    await page.waitForFunction(async () => (await navigator.serviceWorker.getRegistrations()).length === 0);
    expect(await cachesThere(page)).to.deep.equal([]);
    await page.reload();
    expect(await page.title()).to.equal('other project');

    await leave();
    await host.start();
    const answer = await page.goto(host.url);
    await isMoult(page);
    expect(answer?.headers()['content-security-policy']).to.contain('script-src');
    await keptOffline(AppPage.of(page));
    await host.stop();
    await page.reload();
    await isMoult(page);
  });

  it('leaves nothing behind where it put pages of its own into what the worker keeps', async () => {
    const page = await installed();
    await come(html);
    // Not by the page's own address, so the worker does not see who answers there.
    await page.goto(`${host.url}/elsewhere`);
    expect(await page.title()).to.equal('other project');
    const poisoned = await page.evaluate(async (other) => {
      const [name = ''] = (await caches.keys()).filter((key) => key.includes('precache'));
      const cache = await caches.open(name);
      const keys = await cache.keys();
      const headers = { 'Content-Type': 'text/html' };
      for (const key of keys) await cache.put(key, new Response(other, { headers }));
      return keys.length;
    }, OTHER);
    expect(poisoned).to.be.greaterThan(10);

    await leave();
    await host.start();
    const answer = await page.goto(host.url);
    await isMoult(page);
    expect(answer?.headers()['content-security-policy']).to.contain('script-src');
    // What was put there is gone, and not only passed by.
    const left = await page.evaluate(async () => {
      const found: string[] = [];
      for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        const page = await cache.match(new URL('index.html', location.href), { ignoreSearch: true });
        found.push((await page?.text()) ?? '', page?.headers.get('Content-Security-Policy') ?? 'no policy');
      }
      return found.join();
    });
    expect(left).to.contain('application-name').and.contain('script-src').and.not.contain('other project');
  });

  it('that only says that the host is off leaves the page as it is without a network', async () => {
    const page = await installed();
    await come((_request, response) => response.writeHead(502).end('Bad gateway'));
    await page.goto(host.url);
    await isMoult(page);
    expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).to.equal(1);
  });

  it('that never answers keeps nobody waiting for the page that is here', async () => {
    const page = await installed();
    await come(() => undefined);
    await page.goto(host.url);
    await isMoult(page);
  });
});
