/**
 * A WLED lamp in memory: its updates told a second time, from the lamp's side. Knows no runtime.
 * Source: WLED `wled_server.cpp`, `ota_update.cpp`, `json.cpp`, of v0.15.1 and of 16.
 */
import { ConnectionDropped, Power } from '../power.ts';
import { RequestLog, type LoggedRequest } from '../request-log.ts';
import type { BreakingFault, WledFaultScript, WledRoute } from './faults.ts';
import { buildOf, type WledBuild } from './metadata.ts';
import { WLED_DEFAULTS, type WledOptions } from './options.ts';
import * as pages from './pages.ts';
import { PinLock } from './pin-lock.ts';
import { type Passing, takeUpload } from './take-upload.ts';
import { type Upload, WledUpdater } from './wled-updater.ts';

/** It restarts by itself so long after it has said yes. */
const RESTARTS_AFTER_MS = 500;

const ROUTES: Readonly<Record<string, WledRoute>> = {
  'GET /json/info': 'info',
  'POST /json/state': 'state',
  'GET /update': 'update-page',
  'POST /update': 'update',
  'GET /reset': 'reset',
};

export class SimulatedWled {
  readonly options: WledOptions;
  fault: WledFaultScript | null = null;
  /** How often it was reset. */
  restarts = 0;
  readonly #updater: WledUpdater;
  readonly #pin: PinLock;
  readonly #log: RequestLog;
  readonly #listeners = new Set<() => void>();
  #running: Uint8Array<ArrayBuffer>;
  #power = new Power();
  #startedAt: number;
  #backAt = -Infinity;

  constructor(options: Partial<WledOptions> = {}) {
    this.options = { ...WLED_DEFAULTS, ...options };
    const { clock, firmware, pin } = this.options;
    this.#running = new Uint8Array(firmware);
    this.#updater = new WledUpdater(this.options);
    this.#pin = new PinLock(pin, clock);
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

  /** Every upload of which a byte came. */
  get uploads(): readonly Readonly<Upload>[] {
    return this.#updater.log;
  }

  /** Bytes of an upload that broke off, which the next one would be appended to. */
  get leftBytes(): number {
    return this.#updater.leftBytes;
  }

  /** Uploads that went behind what was left of another. */
  get appended(): number {
    return this.#updater.appended;
  }

  get away(): boolean {
    return this.options.clock.now() < this.#backAt;
  }

  /** What it runs, by its own word; null where that is no WLED. */
  get build(): WledBuild | null {
    return buildOf(this.#running, this.options.arch) ?? this.options.legacy;
  }

  restart(awayMs: number = this.options.awayMs): void {
    this.restarts += 1;
    this.#power.cut();
    this.#power = new Power();
    this.#updater.abort();
    this.#pin.forget();
    const next = this.#updater.bootable;
    this.#updater.bootable = null;
    const { boots, comesBack, clock } = this.options;
    const isNew = next !== null;
    if (isNew && boots(next)) this.#running = next;
    this.#startedAt = clock.now() + awayMs;
    this.#backAt = isNew && !comesBack ? Infinity : this.#startedAt;
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
    if (this.away || this.build === null) throw new ConnectionDropped();
    const power = this.#power;
    await this.#pause(this.options.costs.roundTripMs, power);
    power.check();
    const { pathname } = new URL(request.url);
    const route = request.method === 'OPTIONS' ? 'preflight' : (ROUTES[`${request.method} ${pathname}`] ?? 'unknown');
    const fault = this.fault?.(this.#log.count(route) as Parameters<WledFaultScript>[0]) ?? null;
    if (fault?.kind === 'status') return pages.page(fault.status, 'Error', fault.text ?? 'scripted fault');
    if (fault !== null && 'when' in fault && fault.when === 'before') await this.#break(fault);
    const response = await this.#answer(route, { request, fault, power, count });
    power.check();
    if (fault !== null && 'when' in fault && fault.when === 'after') await this.#break(fault);
    return fault?.kind === 'garbage' ? pages.somebodyElse() : response;
  }

  /** Never answers. */
  async #break({ kind }: BreakingFault): Promise<never> {
    if (kind === 'hang') await new Promise<never>(() => undefined);
    if (kind === 'restart') this.restart();
    throw new ConnectionDropped();
  }

  async #answer(route: WledRoute, passing: Passing): Promise<Response> {
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
        this.#restartSoon(passing.power);
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
      ...{ uptime: Math.max(0, Math.floor((clock.now() - this.#startedAt) / 1000)), opt: ota ? 79 : 78 },
      ...{ brand: 'WLED', product: 'FOSS', mac: 'aabbcc112233', ip: '192.168.1.60' },
    };
  }

  #state(body: string): Response {
    const asked = JSON.parse(body) as { readonly pin?: unknown };
    if (typeof asked.pin === 'string') this.#pin.enter(asked.pin);
    return pages.json({ success: true });
  }

  /** Why it would take no update, as its page says before one. */
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
      pause: (ms) => this.#pause(ms, passing.power),
      fail: (fault) => this.#break(fault),
      restartSoon: () => this.#restartSoon(passing.power),
    });
  }

  /** By itself, a moment after it has answered; also where nobody heard the answer. */
  #restartSoon(power: Power): void {
    void this.options.clock.sleep(RESTARTS_AFTER_MS).then(() => {
      if (this.#power === power) this.restart();
    });
  }

  async #pause(ms: number, power: Power): Promise<void> {
    if (ms <= 0) return;
    await this.options.clock.sleep(ms);
    power.check();
  }
}

/** A number of its own for each version. */
function buildNumber(version: string): number {
  return new TextEncoder().encode(version).reduce((sum, byte) => (sum * 31 + byte) % 1_000_000, 7) + 2_600_000;
}
