import { expect } from 'chai';
import { chromium, type Browser } from 'playwright-core';
import { preview, type PreviewServer } from 'vite';
import { chromiumLaunchOptions } from '../tools/chromium.ts';

describe('the built page', () => {
  let server: PreviewServer;
  let browser: Browser;

  before(async () => {
    server = await preview({
      configFile: false,
      build: { outDir: 'dist/app' },
      preview: { port: 0, host: '127.0.0.1' },
    });
    browser = await chromium.launch(await chromiumLaunchOptions());
  });

  after(async () => {
    await browser.close();
    await server.close();
  });

  it('opens in Chromium without an error', async () => {
    const [address] = server.resolvedUrls?.local ?? [];
    if (address === undefined) throw new Error('the preview server has no address');
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(address);
    expect(await page.title()).to.equal('Moult');
    expect(errors).to.deep.equal([]);
  });
});
