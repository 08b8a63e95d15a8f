/**
 * A Tasmota device in memory: its updates told a second time, from the device's side. Knows no runtime.
 * Source: Tasmota `xdrv_01_9_webserver.ino`, `support_command.ino`, `support_esp.ino`, of 15.2.
 */
import { ConnectionDropped, Power } from '../power.ts';
import { RequestLog, type LoggedRequest } from '../request-log.ts';
import { buildIn, type TasmotaBuild } from './build.ts';
import type { BreakingTasmotaFault, TasmotaFaultScript, TasmotaRoute } from './faults.ts';
import { TasmotaFlash } from './flash.ts';
import { TASMOTA_DEFAULTS, type TasmotaOptions } from './options.ts';
import * as pages from './pages.ts';
import { statusOf } from './status.ts';
import { type Passing, takeUpload, type UploadState } from './take-upload.ts';

/** It restarts by itself so long after it has said yes. */
const RESTARTS_AFTER_MS = 1_000;

const ROUTES: Readonly<Record<string, TasmotaRoute>> = {
  '/cm': 'command',
  '/up': 'upgrade-page',
  '/rs': 'restore-page',
  '/u3': 'upload-done',
  '/u4': 'partition',
};

export class SimulatedTasmota {
  readonly options: TasmotaOptions;
  fault: TasmotaFaultScript | null = null;
  /** How often it was reset. */
  restarts = 0;
  readonly #flash: TasmotaFlash;
  readonly #log: RequestLog;
  readonly #listeners = new Set<() => void>();
  readonly #state: UploadState = { error: 0, expects: 'nothing' };
  #power = new Power();
  #startedAt: number;
  #backAt = -Infinity;

  constructor(options: Partial<TasmotaOptions> = {}) {
    this.options = { ...TASMOTA_DEFAULTS, ...options };
    this.#flash = new TasmotaFlash(this.options);
    this.#log = new RequestLog(this.options.clock);
    this.#startedAt = this.options.clock.now();
  }

  /** The bytes of the image that runs. */
  get runningImage(): Uint8Array<ArrayBuffer> {
    return this.#flash.running;
  }

  get runsSafeboot(): boolean {
    return this.#flash.runsSafeboot;
  }

  get requests(): readonly LoggedRequest[] {
    return this.#log.requests;
  }

  get requestsInFlightMax(): number {
    return this.#log.inFlightMax;
  }

  /** The number of an error that the next upload would get; 0: none. */
  get keptError(): number {
    return this.#state.error;
  }

  get away(): boolean {
    return this.options.clock.now() < this.#backAt;
  }

  /** What it runs, by its own word; null where that is no Tasmota. */
  get build(): TasmotaBuild | null {
    return buildIn(this.#flash.running);
  }

  restart(awayMs: number = this.options.awayMs): void {
    this.restarts += 1;
    this.#power.cut();
    this.#power = new Power();
    Object.assign(this.#state, { error: 0, expects: 'nothing' } satisfies UploadState);
    const isNew = this.#flash.boot();
    const { comesBack, clock } = this.options;
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
    const isUpload = request.method === 'POST' && pathname === '/u2';
    const route = isUpload ? 'upload' : (ROUTES[pathname] ?? 'unknown');
    const fault = this.fault?.(this.#log.count(route) as Parameters<TasmotaFaultScript>[0]) ?? null;
    if (fault?.kind === 'status') return pages.plain(this.#look, fault.text ?? 'scripted fault', fault.status);
    if (fault !== null && 'when' in fault && fault.when === 'before') await this.#break(fault);
    const response = await this.#answer(route, { request, fault, power, count });
    power.check();
    if (fault !== null && 'when' in fault && fault.when === 'after') await this.#break(fault);
    return fault?.kind === 'garbage' ? pages.somebodyElse() : response;
  }

  /** Never answers. */
  async #break({ kind }: BreakingTasmotaFault): Promise<never> {
    if (kind === 'hang') await new Promise<never>(() => undefined);
    if (kind === 'restart') this.restart();
    throw new ConnectionDropped();
  }

  get #look(): pages.Look {
    const { language, hardware } = this.options;
    const { version } = this.build ?? { version: '' };
    return { language, server: `Tasmota/${version} (${hardware.split(' ')[0] ?? ''})` };
  }

  async #answer(route: TasmotaRoute, passing: Passing): Promise<Response> {
    const { request, power } = passing;
    if (route === 'unknown') return pages.plain(this.#look, 'File Not Found', 404);
    // All of it is read, and written, before anybody is asked who it is.
    if (route === 'upload') await this.#take(passing);
    const isCommand = route === 'command';
    if (!isCommand && !this.#mayEnter(request)) return pages.signIn();
    if (this.options.wantsReferer && !this.#isFromItsOwnPage(request)) throw new ConnectionDropped();
    switch (route) {
      case 'command':
        return this.#mayEnter(request) ? this.#command(request, power) : pages.commandRefused(this.#look);
      case 'upgrade-page':
        this.#state.expects = 'firmware';
        return pages.upgradePage(this.#look, this.#flash.hasToStandAside);
      case 'restore-page':
        this.#state.expects = 'settings';
        return pages.restorePage(this.#look);
      case 'upload':
      case 'upload-done':
        return this.#done(power);
      case 'partition':
        return this.#partition(request, power);
    }
  }

  #mayEnter({ headers, url }: Request): boolean {
    const { password } = this.options;
    if (password === null || headers.get('authorization') === `Basic ${btoa(`admin:${password}`)}`) return true;
    // The old way, for commands: in the address, where it stays in every log.
    const { searchParams } = new URL(url);
    return searchParams.get('user') === 'admin' && searchParams.get('password') === password;
  }

  #isFromItsOwnPage({ headers, url }: Request): boolean {
    const host = headers.get('host') ?? new URL(url).host;
    return (headers.get('referer') ?? '').startsWith(`http://${host}/`);
  }

  #command(request: Request, power: Power): Response {
    const command = (new URL(request.url).searchParams.get('cmnd') ?? '').toLowerCase();
    if (command === 'restart 1') {
      this.#restartSoon(power);
      return pages.json(this.#look, { Restart: 'Restarting' });
    }
    const [, number] = /^status (\d+)$/.exec(command) ?? [];
    if (number === undefined) return pages.json(this.#look, { Command: 'Unknown' });
    const { clock } = this.options;
    const seconds = Math.max(0, Math.floor((clock.now() - this.#startedAt) / 1000));
    const { build, runsSafeboot, restarts } = this;
    if (build === null) throw new ConnectionDropped();
    // Such a build has no room for it.
    if (build.variant === 'minimal') return pages.json(this.#look, { Command: 'Unknown' });
    return pages.json(
      this.#look,
      statusOf(Number(number), { options: this.options, build, runsSafeboot, restarts, seconds }),
    );
  }

  #take(passing: Passing): Promise<void> {
    return takeUpload(passing, {
      ...{ flash: this.#flash, state: this.#state, blockMs: this.options.costs.programMsPerBlock },
      pause: (ms) => this.#pause(ms, passing.power),
      fail: (fault) => this.#break(fault),
    });
  }

  /** Tells what came of the last upload, and forgets it. Where nothing is wrong it restarts, whoever asks. */
  #done(power: Power): Response {
    const { error } = this.#state;
    if (error !== 0) {
      this.#state.error = 0;
      return pages.failed(this.#look, error);
    }
    if (!this.options.losesRestart) this.#restartSoon(power);
    return pages.succeeded(this.#look);
  }

  /** Which of safeboot and the app is to run: "false" where it restarts for it, "true" where it does, "none" where there is no safeboot. */
  #partition({ url }: Request, power: Power): Response {
    const { layout } = this.options;
    this.#state.expects = 'firmware';
    if (layout !== 'safeboot') return pages.plain(this.#look, 'none');
    const wanted = new URL(url).searchParams.get('u4') === 'fct' ? 'safeboot' : 'app';
    if ((wanted === 'safeboot') === this.#flash.runsSafeboot) return pages.plain(this.#look, 'true');
    this.#flash.start(wanted);
    this.#restartSoon(power, 0);
    return pages.plain(this.#look, 'false');
  }

  /** By itself, a moment after it has answered; also where nobody heard the answer. */
  #restartSoon(power: Power, afterMs: number = RESTARTS_AFTER_MS): void {
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
