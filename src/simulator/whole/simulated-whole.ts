/**
 * What every simulated device has that takes an image whole by HTTP: its power, what reached it, faults by script, and a restart
 * by itself. What it answers, and what a reset does to it, is each one's own. Knows no runtime.
 */
import type { Costs, DeviceClock } from '../clock.ts';
import { ConnectionDropped, Power } from '../power.ts';
import { RequestLog, type LoggedRequest } from '../request-log.ts';
import type { BreakingFault, WholeFault, WholeFaultScript } from './faults.ts';
import { logged } from './logged.ts';

export interface WholeOptions {
  /** Milliseconds from a reset until it answers again. */
  readonly awayMs: number;
  readonly clock: DeviceClock;
  readonly costs: Costs;
}

/** A request on its way through the device. */
export interface Passing {
  readonly request: Request;
  readonly fault: WholeFault | null;
  readonly power: Power;
  /** Told of the bytes of the image that came. */
  readonly count: (bytes: number) => void;
}

export abstract class SimulatedWhole<Options extends WholeOptions, Route extends string> {
  readonly options: Options;
  fault: WholeFaultScript<Route> | null = null;
  /** How often it was reset. */
  restarts = 0;
  protected startedAt: number;
  readonly #log: RequestLog;
  readonly #listeners = new Set<() => void>();
  #power = new Power();
  #backAt = -Infinity;

  constructor(options: Options) {
    this.options = options;
    this.#log = new RequestLog(options.clock);
    this.startedAt = options.clock.now();
  }

  get requests(): readonly LoggedRequest[] {
    return this.#log.requests;
  }

  get requestsInFlightMax(): number {
    return this.#log.inFlightMax;
  }

  get away(): boolean {
    return this.options.clock.now() < this.#backAt;
  }

  restart(awayMs: number = this.options.awayMs): void {
    this.restarts += 1;
    this.#power.cut();
    this.#power = new Power();
    const comesBack = this.boot();
    this.startedAt = this.options.clock.now() + awayMs;
    this.#backAt = comesBack ? this.startedAt : Infinity;
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
    const { pathname, search } = new URL(request.url);
    return logged(this.#log, request, pathname + search, (count) => this.#attend(request, count));
  }

  /** What a reset does to what it had in memory and in flash. Answers whether it is seen again. */
  protected abstract boot(): boolean;

  /** Whether what it runs answers at all. */
  protected abstract readonly isRunning: boolean;

  protected abstract routeOf(request: Request): Route;

  protected abstract answer(route: Route, passing: Passing): Promise<Response>;

  /** In its own manner. */
  protected abstract scripted(status: number, text: string): Response;

  protected abstract somebodyElse(): Response;

  async #attend(request: Request, count: (bytes: number) => void): Promise<Response> {
    if (this.away || !this.isRunning) throw new ConnectionDropped();
    const power = this.#power;
    await this.pause(this.options.costs.roundTripMs, power);
    power.check();
    const route = this.routeOf(request);
    const fault = this.fault?.({ ...this.#log.count(route), route }) ?? null;
    if (fault?.kind === 'status') return this.scripted(fault.status, fault.text ?? 'scripted fault');
    if (fault !== null && 'when' in fault && fault.when === 'before') await this.break(fault);
    const response = await this.answer(route, { request, fault, power, count });
    power.check();
    if (fault !== null && 'when' in fault && fault.when === 'after') await this.break(fault);
    return fault?.kind === 'garbage' ? this.somebodyElse() : response;
  }

  /** Never answers. */
  protected async break({ kind }: BreakingFault): Promise<never> {
    if (kind === 'hang') await new Promise<never>(() => undefined);
    if (kind === 'restart') this.restart();
    throw new ConnectionDropped();
  }

  /** By itself, so long after it has answered; also where nobody heard the answer. */
  protected restartSoon(power: Power, afterMs: number): void {
    void this.options.clock.sleep(afterMs).then(() => {
      if (this.#power === power) this.restart();
    });
  }

  /** Rejects with `ConnectionDropped` where it is reset meanwhile. */
  protected async pause(ms: number, power: Power): Promise<void> {
    if (ms <= 0) return;
    await this.options.clock.sleep(ms);
    power.check();
  }
}
