/**
 * A device in memory that takes firmware by a form: its updates told a second time, from the device's side. Knows no runtime.
 * Sources: `HTTPUpdateServer.h` of arduino-esp32 before and after July 2025, `ESP8266HTTPUpdateServer-impl.h`, ESPEasy's
 * `JSON.cpp`, the OTAWebUpdater example, ESPAsyncWebServer's documentation, `ElegantOTA.cpp` 3.1.7, `AsyncElegantOTA.cpp` 2.2.8.
 */
import { ConnectionDropped, Power } from '../power.ts';
import { RequestLog, type LoggedRequest } from '../request-log.ts';
import { ArduinoUpdater } from './arduino-updater.ts';
import type { BreakingFormFault, FormFaultScript, FormRoute } from './faults.ts';
import { FormUploads, mayEnter } from './form-uploads.ts';
import { KINDS } from './kinds.ts';
import { buildIn, FORM_DEFAULTS, type FormOptions } from './options.ts';
import * as pages from './pages.ts';
import type { Passing } from './take-form.ts';

export class SimulatedForm {
  readonly options: FormOptions;
  fault: FormFaultScript | null = null;
  /** How often it was reset. */
  restarts = 0;
  readonly updater: ArduinoUpdater;
  readonly #uploads: FormUploads;
  readonly #log: RequestLog;
  readonly #listeners = new Set<() => void>();
  #running: Uint8Array<ArrayBuffer>;
  #power = new Power();
  #startedAt: number;
  #backAt = -Infinity;

  constructor(options: Partial<FormOptions> = {}) {
    this.options = { ...FORM_DEFAULTS, ...options };
    const { clock, firmware } = this.options;
    this.#running = new Uint8Array(firmware);
    this.updater = new ArduinoUpdater(this.options);
    this.#uploads = new FormUploads(this.options, this.updater, {
      pause: (ms, power) => this.#pause(ms, power),
      fail: (fault) => this.#break(fault),
      restart: () => this.restart(),
      restartSoon: (power, afterMs) => this.#restartSoon(power, afterMs),
    });
    this.#log = new RequestLog(clock);
    this.#startedAt = clock.now();
  }

  /** The bytes of the image that runs. */
  get runningImage(): Uint8Array<ArrayBuffer> {
    return this.#running;
  }

  get requests(): readonly LoggedRequest[] {
    return this.#log.requests;
  }

  get requestsInFlightMax(): number {
    return this.#log.inFlightMax;
  }

  /** Uploads that went behind what was left of another. */
  get appended(): number {
    return this.#uploads.appended;
  }

  get away(): boolean {
    return this.options.clock.now() < this.#backAt;
  }

  restart(awayMs: number = this.options.awayMs): void {
    this.restarts += 1;
    this.#power.cut();
    this.#power = new Power();
    const next = this.updater.bootable;
    this.updater.forget();
    this.#uploads.forget();
    const { boots, comesBack, clock, chip } = this.options;
    const starts = next !== null && boots(next);
    // An ESP8266 copies the new one over the old one.
    if (next !== null && (starts || chip === 'ESP8266')) this.#running = next;
    this.#startedAt = clock.now() + awayMs;
    const isDead = next !== null && (!comesBack || (!starts && chip === 'ESP8266'));
    this.#backAt = isDead ? Infinity : this.#startedAt;
    for (const listener of this.#listeners) listener();
  }

  switchOff(): void {
    this.restart(Infinity);
  }

  onRestart(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Answers one request, whose body it reads as it comes. Rejects with `ConnectionDropped` where it gives no answer, and with
   * the request's own abort reason as soon as the client gives up.
   */
  async handle(request: Request): Promise<Response> {
    const { signal, method } = request;
    signal.throwIfAborted();
    const { pathname, search } = new URL(request.url);
    const entry = this.#log.open(method, pathname + search);
    const gaveUp = new Promise<never>((_, reject) => {
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what the client gave is what it gets back
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    try {
      const response = await Promise.race([this.#attend(request, entry.setBytes), gaveUp]);
      entry.close(response.status);
      return response;
    } catch (error) {
      entry.close(signal.aborted ? 'given up' : 'dropped');
      throw error;
    }
  }

  async #attend(request: Request, count: (bytes: number) => void): Promise<Response> {
    if (this.away) throw new ConnectionDropped();
    const power = this.#power;
    await this.#pause(this.options.costs.roundTripMs, power);
    power.check();
    const route = this.#routeOf(request);
    const fault = this.fault?.(this.#log.count(route) as Parameters<FormFaultScript>[0]) ?? null;
    if (fault?.kind === 'status') return pages.plain(fault.text ?? 'scripted fault', fault.status);
    if (fault !== null && 'when' in fault && fault.when === 'before') await this.#break(fault);
    const response = await this.#answer(route, { request, fault, power, count });
    power.check();
    if (fault !== null && 'when' in fault && fault.when === 'after') await this.#break(fault);
    return fault?.kind === 'garbage' ? pages.somebodyElse() : response;
  }

  #routeOf({ method, url }: Request): FormRoute {
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

  /** Never answers. */
  async #break({ kind }: BreakingFormFault): Promise<never> {
    if (kind === 'hang') await new Promise<never>(() => undefined);
    if (kind === 'restart') this.restart();
    throw new ConnectionDropped();
  }

  async #answer(route: FormRoute, passing: Passing): Promise<Response> {
    const { cors } = this.options;
    const response = await this.#own(route, passing);
    const { kind, chip } = this.options;
    // The ESP8266's library lets every page read what it says of an upload, and of nothing else.
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
    const uptimeMs = Math.max(0, Math.floor(clock.now() - this.#startedAt));
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

  /** By itself, a moment after it has answered; also where nobody heard the answer. */
  #restartSoon(power: Power, afterMs: number): void {
    void this.options.clock.sleep(afterMs).then(() => {
      if (this.#power === power) this.restart();
    });
  }

  async #pause(ms: number, power: Power): Promise<void> {
    if (ms <= 0) return;
    await this.options.clock.sleep(ms);
    power.check();
  }
}
