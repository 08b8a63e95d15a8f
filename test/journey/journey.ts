/**
 * What every journey needs: the built page as the real host serves it, a Chromium, and simulated devices on sockets
 * of their own, so that each device is another origin than the page.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions } from 'playwright-core';
import { startHost, type Host, type HostOptions } from '../../src/host/serve/serve.ts';
import { asPrepared } from '../../src/simulator/server/cors.ts';
import { serveDevice } from '../../src/simulator/node/node-server.ts';
import type { DeviceOptions } from '../../src/simulator/options.ts';
import { SimulatedDevice } from '../../src/simulator/simulated-device.ts';
import { chromiumLaunchOptions } from '../../tools/chromium.ts';
import { AppPage, PATIENCE_MS } from './app-page.ts';

export interface ServedDevice {
  readonly device: SimulatedDevice;
  /** `http://127.0.0.1:40123` */
  readonly origin: string;
  readonly token: string;
  /** Closes its port, as pulling the plug does. */
  close(): Promise<void>;
}

export interface JourneyOptions {
  readonly host?: Partial<HostOptions>;
  readonly chromiumArgs?: readonly string[];
}

/** Milliseconds that end a journey that hangs. Most take two seconds on a machine with nothing else to do. */
export const JOURNEY_MS = 600_000;

/** The number in the place of chance unless a test names another: waits are short. */
const SHORT_WAITS = 0.05;
/** The number in the place of chance for waits of average length. */
export const AVERAGE_WAITS = 0.5;

export const APP = fileURLToPath(new URL('../../dist/app', import.meta.url));

export class Journey {
  readonly host: Host;
  readonly browser: Browser;
  readonly #scratch: string;
  readonly #atEndOfTest: (() => Promise<unknown>)[] = [];

  private constructor(host: Host, browser: Browser, scratch: string) {
    this.host = host;
    this.browser = browser;
    this.#scratch = scratch;
  }

  static async begin({ host = {}, chromiumArgs = [] }: JourneyOptions = {}): Promise<Journey> {
    const scratch = await mkdtemp(join(tmpdir(), 'moult-journey-'));
    const { args = [], ...launch } = await chromiumLaunchOptions();
    const started = await startHost({
      appDir: APP,
      port: 0,
      simulate: { count: 0, port: 0 },
      lan: null,
      dataDir: join(scratch, 'data'),
      logLevel: 'error',
      // Nothing may reach further than this machine.
      resolve: () => Promise.resolve([]),
      discover: () => Promise.resolve([]),
      ...host,
    });
    const browser = await chromium.launch({ ...launch, args: [...args, ...chromiumArgs] });
    return new Journey(started, browser, scratch);
  }

  async end(): Promise<void> {
    await this.browser.close();
    await this.host.stop();
    await rm(this.#scratch, { recursive: true });
  }

  async endTest(): Promise<void> {
    for (const step of this.#atEndOfTest.splice(0).reverse()) await step();
  }

  /** A device that answers at once and lets any page read its answers. */
  async device(options: Partial<DeviceOptions> = {}): Promise<ServedDevice> {
    const token = options.token ?? `secret-${'0123456789abcdef'.repeat(4)}`;
    const device = new SimulatedDevice({
      token,
      cors: asPrepared('*'),
      // Long enough for the browser's own second try at a dropped finalize to find nobody, as with a real device.
      awayMs: 200,
      ...options,
    });
    const served = await serveDevice(device, { port: 0 });
    this.#atEndOfTest.push(() => served.close());
    return { device, token, origin: served.origin, close: () => served.close() };
  }

  /**
   * A browser profile of its own: what one stores no other sees. Journeys look at what the page does by itself, unless
   * they are about the host's updates.
   */
  async profile(
    dice = SHORT_WAITS,
    updatesRun: 'host' | 'page' = 'page',
    options: BrowserContextOptions = {},
  ): Promise<BrowserContext> {
    const context = await this.browser.newContext(options);
    context.setDefaultTimeout(PATIENCE_MS);
    // Backoff is random by design. Here the dice are loaded with one number: waits are always the same.
    await context.addInitScript((number) => {
      Math.random = () => number;
    }, dice);
    await context.addInitScript((where) => {
      // A document without an origin keeps nothing.
      if (window.origin !== 'null') localStorage.setItem('moult-updates-run', where);
    }, updatesRun);
    this.#atEndOfTest.push(() => context.close());
    return context;
  }

  /** Opens the page in `context`, or in a profile of its own. */
  async open(context?: BrowserContext, url: string = this.host.url): Promise<AppPage> {
    const page = await (context ?? (await this.profile())).newPage();
    return AppPage.open(page, url);
  }

  /** A real file: handing bytes to the page over the debugger would itself be a long task there. */
  async file(name: string, bytes: Uint8Array): Promise<string> {
    const folder = await mkdtemp(join(this.#scratch, 'file-'));
    const path = join(folder, name);
    await writeFile(path, bytes);
    return path;
  }
}

/** For a `describe`: one host and one browser for all its tests. */
export function useJourney(options: JourneyOptions = {}): () => Journey {
  let journey: Journey | null = null;
  before(async () => {
    journey = await Journey.begin(options);
  });
  afterEach(() => journey?.endTest());
  after(() => journey?.end());
  return () => {
    if (journey === null) throw new Error('the journey has not begun');
    return journey;
  };
}
