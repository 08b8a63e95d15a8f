import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { chromium, type Browser, type Page } from 'playwright-core';
import { preview, type PreviewServer } from 'vite';
import { chromiumLaunchOptions } from '../../../tools/chromium.ts';
import { PATIENCE_MS } from '../app-page.ts';

describe('the built page', () => {
  let server: PreviewServer | undefined;
  let browser: Browser | undefined;

  before(async () => {
    server = await preview({
      configFile: false,
      build: { outDir: 'dist/app' },
      preview: { port: 0, host: '127.0.0.1' },
    });
    browser = await chromium.launch(await chromiumLaunchOptions());
  });

  after(async () => {
    await browser?.close();
    await server?.close();
  });

  async function newPage(): Promise<{ readonly page: Page; readonly address: string }> {
    const [address] = server?.resolvedUrls?.local ?? [];
    const page = await browser?.newPage();
    page?.setDefaultTimeout(PATIENCE_MS);
    if (address === undefined || page === undefined) throw new Error('there is no server or no browser');
    return { page, address };
  }

  it('opens in Chromium without an error', async () => {
    const { page, address } = await newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('requestfailed', (request) => errors.push(request.url()));
    await page.goto(address);
    // The title stands in the file itself; this is drawn by what the file loads.
    await page.getByRole('button', { name: 'Add device' }).waitFor();
    expect(await page.title()).to.equal('Moult');
    expect(errors).to.deep.equal([]);
  });

  it('has the notices of every library in it, and leads to them', async () => {
    const { page, address } = await newPage();
    await page.goto(`${address}#/more`);
    const href = await page.getByRole('link', { name: /^Licences of Moult/ }).getAttribute('href');
    const answer = await page.request.get(new URL(href ?? '', address).href);
    expect(answer.headers()['content-type']).to.contain('text/plain');
    const text = await answer.text();
    for (const name of ['lit', 'idb', 'nanostores', 'valibot', 'qr', '@noble/hashes', 'workbox-precaching'])
      expect(text).to.match(new RegExp(`^${name} [0-9.]+ [(]`, 'm'));
    const onDevice = await readFile('dist/device/index.html', 'utf8');
    expect(onDevice).to.contain('lit (BSD-3-Clause). Copyright (c) 2017 Google LLC');
    for (const copy of ['device', 'host'])
      expect(await readFile(`dist/${copy}/licences.txt`, 'utf8')).to.contain('Permission is hereby granted');
  });

  const LINK = '#/add?name=Kitchen&address=esp32.local&token=secret?1';

  it('fills in the device of a link, with the token gone from the address', async () => {
    const { page, address } = await newPage();
    await page.goto(address + LINK);
    const dialog = page.getByRole('dialog', { name: 'Device' });
    await dialog.getByRole('button', { name: 'Save' }).waitFor();
    expect(await dialog.getByLabel('Name', { exact: true }).inputValue()).to.equal('Kitchen');
    expect(await dialog.getByLabel('Token', { exact: true }).inputValue()).to.equal('secret?1');
    expect(new URL(page.url()).hash).to.equal('#/devices');
  });

  it('takes the token out of the address before it waits for the browser’s storage', async () => {
    const { page, address } = await newPage();
    await page.addInitScript(() => {
      // As some browsers do after a start: never an answer.
      IDBFactory.prototype.open = () => {
        const request = new EventTarget();
        Object.setPrototypeOf(request, IDBOpenDBRequest.prototype);
        return request as IDBOpenDBRequest;
      };
    });
    await page.goto(address + LINK);
    await page.waitForFunction(() => !location.hash.includes('secret'));
    expect(await page.locator('moult-app').count()).to.equal(0);
  });
});
