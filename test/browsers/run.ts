/**
 * `npm run test:browsers`: the main journey in Chromium, Firefox and WebKitGTK, from each kind of page, over real
 * sockets on loopback. Names after it (`-- firefox webkit`) choose some of them. Their columns
 * of the table in docs/browsers.md are written anew; the others stay.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { startHost, type Host } from '../../src/host/serve/serve.ts';
import { buildApp } from '../firmware/image-builder.ts';
import { APP } from '../journey/journey.ts';
import { HOST_ADDRESS, HOST_NAME, INTO_THE_NETWORK, Lan } from '../journey/lan.ts';
import { Missing, type Browser, type Network } from './browser.ts';
import {
  act,
  features,
  kept,
  reached,
  read,
  settled,
  stands,
  updatesHere,
  type Act,
  type CardText,
} from './in-page.ts';
import { startProxy } from './proxy.ts';
import { startChromium, startFirefox } from './puppeteer.ts';
import { readTable, table, together, type Column, type Columns } from './table.ts';
import { startWebKit } from './webkit.ts';

const IMAGE = buildApp({ sizeBytes: 64 * 1024, version: '1.4.2' });
/** A name that every browser takes for one of the local network. */
const DEVICE_NAME = 'board.local';
/** Milliseconds until something that is on its way must be there. */
const PATIENCE_MS = 30_000;
const LOOK_EVERY_MS = 100;

const DOCUMENT = new URL('../../docs/browsers.md', import.meta.url);
const BEGIN = '<!-- measured by npm run test:browsers -->';
const END = '<!-- end of what is measured -->';

async function until<T>(what: string, ask: () => Promise<T | null | false>): Promise<T> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = await ask();
    if (found !== null && found !== false) return found;
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

const doing = (browser: Browser, wanted: Act): Promise<boolean> =>
  until(JSON.stringify(wanted).slice(0, 80), () => browser.run(act, wanted));

const card = (browser: Browser, name: string, what: string, is: (text: CardText) => boolean): Promise<CardText> => {
  let last: CardText | null = null;
  return until(what, async () => {
    last = await browser.run(read, name);
    return last !== null && is(last) ? last : null;
  }).catch((error: unknown) => {
    throw new Error(`${String(error)}; the card says: ${JSON.stringify(last)}`);
  });
};

let journeys = 0;

/** Adds the device and updates it; how it went, in words for the table. */
async function journey(browser: Browser, lan: Lan, cors: boolean): Promise<string> {
  // A device of its own each time: the page remembers the earlier ones.
  const name = `Sensor ${(journeys += 1)}`;
  const served = await lan.device(cors ? {} : { cors: null }, { name: DEVICE_NAME });
  await doing(browser, { press: 'Add device' });
  await doing(browser, { fill: 'Name', value: name });
  await doing(browser, { fill: 'Address', value: served.origin });
  await doing(browser, { fill: 'Token', value: served.token });
  await doing(browser, { press: 'Save' });
  const checked = await card(browser, name, 'an answer', ({ all, doctor }) => doctor !== '' || all.includes('Online.'));
  if (checked.doctor !== '') return `doctor: “${checked.doctor.replace(/:\d+/g, '')}”`;
  await doing(browser, { choose: 'kitchen.bin', base64: Buffer.from(IMAGE).toString('base64') });
  await until('the file', () => browser.run(act, { press: 'Update', card: name }));
  const ended = await card(browser, name, 'the end', ({ status }) => /^(Updated|Failed|Not seen|Rolled)/.test(status));
  if (!ended.status.startsWith('Updated')) throw new Error(ended.status);
  if (Buffer.compare(Buffer.from(served.device.runningImage), IMAGE) !== 0) throw new Error('other bytes arrived');
  await doing(browser, { press: `More for ${name}`, card: name });
  await doing(browser, { press: 'Edit', card: name });
  await doing(browser, { press: 'More settings' });
  const way = await until('the way to the device', () => browser.run(reached, null));
  await doing(browser, { press: 'Cancel' });
  return way.includes('through the gateway') ? 'updated, through the gateway' : 'updated, direct';
}

async function startLanHost(lan: Lan): Promise<Host> {
  return startHost({
    appDir: APP,
    port: 0,
    simulate: { count: 0, port: 0 },
    dataDir: lan.folder,
    logLevel: 'error',
    ...INTO_THE_NETWORK,
    discover: () => Promise.resolve([]),
    lan: { port: 0, addresses: () => [HOST_ADDRESS], names: [HOST_NAME], now: () => Date.now(), open: true },
  });
}

/** The page opened again after its server has stopped. */
async function offline(browser: Browser, lan: Lan): Promise<string> {
  const server = await startHost({
    ...{ appDir: APP, port: 0, simulate: { count: 0, port: 0 }, dataDir: lan.folder, logLevel: 'error', lan: null },
    discover: () => Promise.resolve([]),
  });
  try {
    await browser.goto(server.url);
    if (!(await browser.run(kept, null))) return 'no';
  } finally {
    await server.stop();
  }
  await browser.goto(server.url);
  // Not for ever: that it does not open is an answer, too.
  return until('the app', () => browser.run(stands, null)).then(
    () => 'yes',
    () => 'no',
  );
}

async function measure(browser: Browser, lan: Lan, host: Host): Promise<Column> {
  const seen = (url: string): string => {
    const there = new URL(url);
    if (browser.byAddress && there.protocol === 'https:')
      there.hostname = lan.addresses[there.hostname] ?? there.hostname;
    else if (there.hostname === HOST_ADDRESS) there.hostname = HOST_NAME;
    return there.href;
  };
  const urls = host.lan();
  const plain = seen(new URL('/index.html', urls?.plain[0]).href);
  const secure = seen(urls?.secure[0] ?? '');
  const column = new Map<string, string>();
  const pages: readonly (readonly [row: string, url: string])[] = [
    ['`http://localhost`', host.url],
    ['https, the LAN host', secure],
    ['http, the LAN host', plain],
    ['https, public host', seen(await lan.publicPage('https'))],
    ['http, public host', seen(await lan.publicPage('http'))],
  ];
  for (const [row, url] of pages) {
    for (const cors of [true, false]) {
      // Without a gateway a device without CORS is the doctor's everywhere.
      if (!cors && row.includes('public')) continue;
      await until('a page that stays', () => browser.run(settled, null));
      await browser.goto(url);
      await until('the app', () => browser.run(stands, null));
      // What the host runs for a page tells nothing of the browser.
      await browser.run(updatesHere, null);
      await browser.goto(url);
      await until('the app', () => browser.run(stands, null));
      console.log(`  ${row}${cors ? '' : ', a device without CORS'}`);
      column.set(`${row} → ${cors ? 'http device' : 'http device without CORS'}`, await journey(browser, lan, cors));
    }
  }
  for (const [where, url] of [
    ['localhost', host.url],
    ['http on the LAN', plain],
  ] as const) {
    await browser.goto(url);
    for (const [name, has] of Object.entries(await browser.run(features, null))) {
      column.set(`${name}, ${where}`, has ? 'yes' : 'no');
    }
  }
  column.set('opens with its server stopped, localhost', await offline(browser, lan));
  return column;
}

/** Columns of browsers that are not in `measured` stay as they are. */
async function writeDown(measured: Columns): Promise<void> {
  const text = await readFile(DOCUMENT, 'utf8');
  const [before, rest] = text.split(BEGIN);
  const [written, after] = rest?.split(END) ?? [];
  if (before === undefined || written === undefined || after === undefined)
    throw new Error(`docs/browsers.md has no “${BEGIN}” … “${END}”.`);
  const columns = together(readTable(written), measured, Object.keys(STARTS));
  const whole = `${before}${BEGIN}\n\n${table(columns)}\n\n${END}${after}`;
  const path = DOCUMENT.pathname;
  await writeFile(DOCUMENT, await format(whole, { ...(await resolveConfig(path)), parser: 'markdown' }));
}

const STARTS: Readonly<Record<string, (network: Network) => Promise<Browser>>> = {
  chromium: startChromium,
  firefox: startFirefox,
  webkit: startWebKit,
};
const wanted = process.argv.slice(2);

const lan = await Lan.begin();
const proxy = await startProxy(lan.addresses);
const host = await startLanHost(lan);
const pages = ['127.0.0.1', ...new Set(Object.values(lan.addresses))];
const columns = new Map<string, Column>();
let failed = 0;
for (const [name, start] of Object.entries(STARTS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  let browser: Browser | null = null;
  try {
    browser = await start({ proxyPort: proxy.port, chromiumArgs: lan.chromiumArgs, pages });
    console.log(`${browser.name} …`);
    columns.set(browser.name, await measure(browser, lan, host));
  } catch (error) {
    if (error instanceof Missing) {
      console.log(error.message);
    } else {
      failed += 1;
      console.log(`✘ ${browser?.name ?? 'a browser'}:`, error);
    }
  } finally {
    // What fails to end is ended with this process.
    await browser?.close().catch((error: unknown) => console.log(String(error)));
    await lan.endTest();
  }
}
await host.stop();
await proxy.close();
await lan.end();

if (columns.size > 0) console.log(`\n${table(columns)}\n`);
if (failed === 0 && columns.size > 0) {
  await writeDown(columns);
  console.log('Written into docs/browsers.md. What is not here keeps its column.');
} else {
  console.log('docs/browsers.md is left as it is.');
}
process.exit(failed > 0 ? 1 : 0);
