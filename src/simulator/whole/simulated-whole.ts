/**
 * What every simulated device has in common that takes an image whole by HTTP: its log of requests, and faults by
 * script. Each kind has its own answers, and its own reset. Knows no runtime.
 */
import { ConnectionDropped, type Power } from '../power.ts';
import { RequestLog, type LoggedRequest } from '../request-log.ts';
import { Resettable } from '../resettable.ts';
import type { BreakingFault, WholeFault, WholeFaultScript } from './faults.ts';
import { logged } from './logged.ts';
import type { WholeOptions } from './options.ts';

/** A request on its way through the device. */
export interface Passing {
  readonly request: Request;
  readonly fault: WholeFault | null;
  readonly power: Power;
  /** Called with the bytes of the image that have come. */
  readonly count: (bytes: number) => void;
}

export abstract class SimulatedWhole<Options extends WholeOptions, Route extends string> extends Resettable<Options> {
  fault: WholeFaultScript<Route> | null = null;
  readonly #log: RequestLog;

  constructor(options: Options) {
    super(options);
    this.#log = new RequestLog(options.clock);
  }

  get requests(): readonly LoggedRequest[] {
    return this.#log.requests;
  }

  get requestsInFlightMax(): number {
    return this.#log.inFlightMax;
  }

  /**
   * Answers one request, whose body it reads as it comes. Rejects with `ConnectionDropped` where it gives no answer, and with
   * the request's own abort reason as soon as the client gives up.
   */
  async handle(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    return logged(this.#log, request, pathname + search, (count) => this.#attend(request, count));
  }

  /** Whether the firmware that it runs answers requests at all. */
  protected abstract readonly isRunning: boolean;

  protected abstract routeOf(request: Request): Route;

  protected abstract answer(route: Route, passing: Passing): Promise<Response>;

  /** The answer of a scripted fault, in the form of the device. */
  protected abstract scripted(status: number, text: string): Response;

  protected abstract somebodyElse(): Response;

  async #attend(request: Request, count: (bytes: number) => void): Promise<Response> {
    if (this.away || !this.isRunning) throw new ConnectionDropped();
    const { power } = this;
    await this.pause(this.options.costs.roundTripMs, power);
    power.check();
    const route = this.routeOf(request);
    const fault = this.fault?.({ ...this.#log.count(route), route }) ?? null;
    // The script may have cut the power just now: nothing more is done then.
    power.check();
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
}
