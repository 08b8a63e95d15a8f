/**
 * A WLED lamp in memory: its updates implemented a second time, from the lamp's side. Knows no runtime. Source: WLED
 * `wled_server.cpp`, `ota_update.cpp`, `json.cpp`, of v0.15.1 and of 16.
 */
import { SimulatedWhole, type Passing } from '../whole/simulated-whole.ts';
import type { WledRoute } from './routes.ts';
import { buildOf, type WledBuild } from './metadata.ts';
import { WLED_DEFAULTS, type WledOptions } from './options.ts';
import * as pages from './pages.ts';
import { PinLock } from './pin-lock.ts';
import { takeUpload } from './take-upload.ts';
import { type Upload, WledUpdater } from './wled-updater.ts';

/** How long after its “yes” it restarts by itself. */
const RESTARTS_AFTER_MS = 500;

const ROUTES: Readonly<Record<string, WledRoute>> = {
  'GET /json/info': 'info',
  'POST /json/state': 'state',
  'GET /update': 'update-page',
  'POST /update': 'update',
  'GET /reset': 'reset',
};

export class SimulatedWled extends SimulatedWhole<WledOptions, WledRoute> {
  readonly #updater: WledUpdater;
  readonly #pin: PinLock;
  #running: Uint8Array<ArrayBuffer>;

  constructor(options: Partial<WledOptions> = {}) {
    super({ ...WLED_DEFAULTS, ...options });
    const { clock, firmware, pin } = this.options;
    this.#running = new Uint8Array(firmware);
    this.#updater = new WledUpdater(this.options);
    this.#pin = new PinLock(pin, clock);
  }

  /** The bytes of the image that runs. */
  get runningImage(): Uint8Array<ArrayBuffer> {
    return this.#running;
  }

  /** Every upload of which a byte came. */
  get uploads(): readonly Readonly<Upload>[] {
    return this.#updater.log;
  }

  /** Bytes of an upload that broke off, which the next one would be appended to. */
  get leftBytes(): number {
    return this.#updater.leftBytes;
  }

  /** How many uploads were appended to what was left of another. */
  get appended(): number {
    return this.#updater.appended;
  }

  /** The build that it runs; null where that is no WLED. */
  get build(): WledBuild | null {
    return buildOf(this.#running, this.options.arch) ?? this.options.legacy;
  }

  protected get isRunning(): boolean {
    return this.build !== null;
  }

  protected reset(): boolean {
    this.#updater.abort();
    this.#pin.forget();
    const next = this.#updater.bootable;
    this.#updater.bootable = null;
    const { boots, comesBack } = this.options;
    if (next !== null && boots(next)) this.#running = next;
    return next === null || comesBack;
  }

  protected routeOf({ method, url }: Request): WledRoute {
    return method === 'OPTIONS' ? 'preflight' : (ROUTES[`${method} ${new URL(url).pathname}`] ?? 'unknown');
  }

  protected scripted(status: number, text: string): Response {
    return pages.page(status, 'Error', text);
  }

  protected somebodyElse(): Response {
    return pages.somebodyElse();
  }

  protected async answer(route: WledRoute, passing: Passing): Promise<Response> {
    switch (route) {
      case 'preflight':
        return pages.preflight();
      case 'info':
        return pages.json(this.#info());
      case 'state':
        return this.#state(await passing.request.text());
      case 'update-page':
        return this.#refusal() ?? pages.updatePage();
      case 'update':
        return this.#upload(passing);
      case 'reset':
        this.restartSoon(passing.power, RESTARTS_AFTER_MS);
        return pages.page(200, 'Rebooting now...', 'Please wait ~10 seconds.');
      case 'unknown':
        return pages.notFound();
    }
  }

  #info(): object {
    const { name, arch, flashMegabytes, ota, clock } = this.options;
    const { version, release } = this.build ?? { version: '', release: '' };
    return {
      ...{ ver: version, vid: buildNumber(version), cn: 'Niji', release, name, udpport: 21324, live: false },
      ...{ arch, core: 'v4.4.8', flash: flashMegabytes, freeheap: 170_000 },
      ...{ uptime: Math.max(0, Math.floor((clock.now() - this.startedAt) / 1000)), opt: ota ? 79 : 78 },
      ...{ brand: 'WLED', product: 'FOSS', mac: 'aabbcc112233', ip: '192.168.1.60' },
    };
  }

  #state(body: string): Response {
    const asked = JSON.parse(body) as { readonly pin?: unknown };
    if (typeof asked.pin === 'string') this.#pin.enter(asked.pin);
    return pages.json({ success: true });
  }

  /** Why it would refuse an update, as its page tells beforehand. */
  #refusal(): Response | null {
    const { ota, otaLock } = this.options;
    if (!ota) return pages.notBuiltIn();
    if (otaLock) return pages.accessDenied(pages.OTA_LOCKED);
    return this.#pin.isOpen ? null : pages.pinPage();
  }

  #upload(passing: Passing): Promise<Response> {
    const { version, release } = this.build ?? { version: '', release: '' };
    return takeUpload(passing, {
      ...{ options: this.options, updater: this.#updater, runs: { version, release } },
      isOpen: () => this.#pin.isOpen,
      pause: (ms) => this.pause(ms, passing.power),
      fail: (fault) => this.break(fault),
      restartSoon: () => this.restartSoon(passing.power, RESTARTS_AFTER_MS),
    });
  }
}

/** A build number, another one for each version. */
function buildNumber(version: string): number {
  return new TextEncoder().encode(version).reduce((sum, byte) => (sum * 31 + byte) % 1_000_000, 7) + 2_600_000;
}
