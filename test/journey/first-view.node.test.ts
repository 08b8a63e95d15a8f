import { expect } from 'chai';
import { chromium, type Browser } from 'playwright-core';
import { preview, type PreviewServer } from 'vite';
import { chromiumLaunchOptions } from '../tools/chromium.ts';

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

  it('opens in Chromium without an error', async () => {
    const [address] = server?.resolvedUrls?.local ?? [];
    const page = await browser?.newPage();
    if (address === undefined || page === undefined) throw new Error('there is no server or no browser');
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(address);
    expect(await page.title()).to.equal('Moult');
    expect(errors).to.deep.equal([]);
  });
});
