/** Chromium and Firefox, driven by puppeteer-core: over its own protocol, and over WebDriver BiDi. */
import { existsSync } from 'node:fs';
import { launch, type LaunchOptions } from 'puppeteer-core';
import { chromiumLaunchOptions } from '../../tools/chromium.ts';
import { asScript, Missing, type Browser, type InPage, type Network } from './browser.ts';

const FIREFOX_PLACES = [
  process.env['FIREFOX'] ?? '',
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
];

export async function startChromium({ chromiumArgs }: Network): Promise<Browser> {
  const { executablePath, args = [], env } = await chromiumLaunchOptions();
  return start({
    browser: 'chrome',
    executablePath,
    // As for every test: it runs as root in containers, and opens nothing but this project's own pages.
    args: [...args, '--no-sandbox', ...chromiumArgs],
    ...(env === undefined ? {} : { env: { ...env } }),
  });
}

export function startFirefox({ proxyPort }: Network): Promise<Browser> {
  const executablePath = FIREFOX_PLACES.find((path) => path !== '' && existsSync(path));
  if (executablePath === undefined) {
    throw new Missing('Firefox was not found. Debian: apt install firefox-esr. Elsewhere: set FIREFOX to its program.');
  }
  return start({
    browser: 'firefox',
    executablePath,
    extraPrefsFirefox: {
      'network.proxy.type': 1,
      'network.proxy.http': '127.0.0.1',
      'network.proxy.http_port': proxyPort,
      'network.proxy.ssl': '127.0.0.1',
      'network.proxy.ssl_port': proxyPort,
      'network.proxy.no_proxies_on': 'localhost',
    },
  });
}

async function start(options: LaunchOptions): Promise<Browser> {
  const browser = await launch({ ...options, headless: true, acceptInsecureCerts: true });
  const page = await browser.newPage();
  // A page that has just ended an update may still ask whether to leave it.
  page.on('dialog', (dialog) => void dialog.accept());
  const [product = '', version = ''] = (await browser.version()).split('/');
  return {
    name: `${product.replace(/^HeadlessChrome$|^Chrome$/, 'Chromium').replace(/^firefox$/i, 'Firefox')} ${version}`,
    byAddress: false,
    goto: async (url) => {
      await page.goto(url);
    },
    run: <In, Out>(inPage: InPage<In, Out>, input: In): Promise<Out> =>
      page.evaluate(`${asScript(inPage)}(${JSON.stringify(input)})`) as Promise<Out>,
    close: () => browser.close(),
  };
}
