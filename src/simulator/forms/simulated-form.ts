/**
 * A device in memory that takes firmware by a form: its updates implemented a second time, from the device's side.
 * Knows no runtime. Sources: `HTTPUpdateServer.h` of arduino-esp32 before and after July 2025,
 * `ESP8266HTTPUpdateServer-impl.h`, ESPEasy's `JSON.cpp`, the OTAWebUpdater example, ESPAsyncWebServer's documentation,
 * `ElegantOTA.cpp` 3.1.7, `AsyncElegantOTA.cpp` 2.2.8.
 */
import { SimulatedWhole, type Passing } from '../whole/simulated-whole.ts';
import { ArduinoUpdater } from './arduino-updater.ts';
import type { FormRoute } from './routes.ts';
import { FormUploads, mayEnter } from './form-uploads.ts';
import { KINDS } from './kinds.ts';
import { buildIn, FORM_DEFAULTS, type FormOptions } from './options.ts';
import * as pages from './pages.ts';

export class SimulatedForm extends SimulatedWhole<FormOptions, FormRoute> {
  protected readonly isRunning = true;
  readonly updater: ArduinoUpdater;
  readonly #uploads: FormUploads;
  #running: Uint8Array<ArrayBuffer>;

  constructor(options: Partial<FormOptions> = {}) {
    super({ ...FORM_DEFAULTS, ...options });
    this.#running = new Uint8Array(this.options.firmware);
    this.updater = new ArduinoUpdater(this.options);
    this.#uploads = new FormUploads(this.options, this.updater, {
      pause: (ms, power) => this.pause(ms, power),
      fail: (fault) => this.break(fault),
      restart: () => this.restart(),
      restartSoon: (power, afterMs) => this.restartSoon(power, afterMs),
    });
  }

  /** The bytes of the image that runs. */
  get runningImage(): Uint8Array<ArrayBuffer> {
    return this.#running;
  }

  /** How many uploads were appended to what was left of another. */
  get appended(): number {
    return this.#uploads.appended;
  }

  protected reset(): boolean {
    const next = this.updater.bootable;
    this.updater.forget();
    this.#uploads.forget();
    const { boots, comesBack, chip } = this.options;
    if (next === null) return true;
    const starts = boots(next);
    // An ESP8266 copies the new one over the old one.
    if (starts || chip === 'ESP8266') this.#running = next;
    return comesBack && (starts || chip !== 'ESP8266');
  }

  protected scripted(status: number, text: string): Response {
    return pages.plain(text, status);
  }

  protected somebodyElse(): Response {
    return pages.somebodyElse();
  }

  protected routeOf({ method, url }: Request): FormRoute {
    const { kind, path } = this.options;
    const { pathname } = new URL(url);
    if (method === 'OPTIONS') return 'preflight';
    const asked = `${method} ${pathname}`;
    if (asked === `GET ${path}`) return 'page';
    switch (kind) {
      case 'elegant-3':
        if (asked === 'GET /ota/start') return 'start';
        return asked === 'POST /ota/upload' ? 'upload' : 'unknown';
      case 'elegant-2':
        if (asked === 'GET /update/identity') return 'identity';
        break;
      case 'espeasy':
        if (asked === 'GET /json') return 'json';
        break;
      case 'update-server':
      case 'sketch':
      case 'async':
    }
    return asked === `POST ${path}` ? 'upload' : 'unknown';
  }

  protected async answer(route: FormRoute, passing: Passing): Promise<Response> {
    const { cors } = this.options;
    const response = await this.#own(route, passing);
    const { kind, chip } = this.options;
    // The ESP8266's library lets every page read its answer to an upload, and no other answer.
    const isLibrary8266 = chip === 'ESP8266' && (kind === 'update-server' || kind === 'espeasy');
    const isShared = isLibrary8266 && (route === 'upload' || route === 'preflight');
    return cors || isShared ? pages.shared(response) : response;
  }

  async #own(route: FormRoute, passing: Passing): Promise<Response> {
    const { kind, path, chip, cors } = this.options;
    switch (route) {
      case 'preflight':
        return cors || (chip === 'ESP8266' && KINDS[kind] === KINDS['update-server'])
          ? pages.html('y')
          : pages.notFound();
      case 'page':
        // ESPEasy sets its updater up without a login of its own.
        if (!mayEnter(this.options, passing.request)) return pages.signIn();
        if (kind === 'elegant-3') return pages.elegantPage('ElegantOTA Lite', '/ota/start');
        if (kind === 'elegant-2') return pages.elegantPage('ElegantOTA', '/update/identity');
        return kind === 'sketch' || kind === 'async' ? pages.sketchPage(path) : pages.updateServerPage();
      case 'identity':
        return mayEnter(this.options, passing.request) ? pages.json({ id: 'A1B2C3', hardware: chip }) : pages.signIn();
      case 'json':
        return pages.json(this.#told());
      case 'start':
        return mayEnter(this.options, passing.request) ? this.#uploads.start(passing.request) : pages.signIn();
      case 'upload':
        return this.#uploads.take(passing);
      case 'unknown':
        return pages.notFound();
    }
  }

  /** What ESPEasy tells of itself, without any secret. */
  #told(): object {
    const { name, chip, clock } = this.options;
    const uptimeMs = Math.max(0, Math.floor(clock.now() - this.startedAt));
    return {
      System: {
        Build: '20241019 - Mega',
        'Git Build': 'mega-20241019',
        'Binary Filename': buildIn(this.#running) ?? 'unknown',
        'Unit Number': 7,
        'Unit Name': name,
        Uptime: Math.floor(uptimeMs / 60_000),
        'Uptime (ms)': uptimeMs,
        'Last Boot Cause': 'Soft Reboot',
        'ESP Chip Model': chip,
      },
      Sensors: [],
      TTL: 60_000,
    };
  }
}
