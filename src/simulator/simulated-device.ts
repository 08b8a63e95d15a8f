/**
 * A ViperHTTP device in memory: the protocol told a second time, from the device's side. Knows no runtime: what has
 * `Request` and `Response` can run it, and thin adapters put it on sockets or under a service worker.
 */
import { Refusal, SERVER_WORDS, detail, plain, type Reply } from './answers.ts';
import { Bootloader, type SlotLabel } from './bootloader.ts';
import type { Call } from './call.ts';
import { withCors } from './cors.ts';
import { DocumentedRoutes } from './documented-routes.ts';
import { injectFault } from './fault-injection.ts';
import type { FaultScript } from './faults.ts';
import { Flash } from './flash.ts';
import { HttpServer } from './http-server.ts';
import { DEFAULTS, type DeviceOptions } from './options.ts';
import { ConnectionDropped, Power } from './power.ts';
import { RequestLog, type LoggedRequest } from './request-log.ts';
import { HANDLER_LIMIT_MS } from './server-limits.ts';
import { ShippedRoutes } from './shipped-routes.ts';
import { answerStatic } from './static-files.ts';
import { Updater, type Session, type Written } from './updater.ts';

export class SimulatedDevice {
  readonly options: DeviceOptions;
  /** What goes wrong; null: nothing. */
  fault: FaultScript | null = null;
  /** How often it was reset. */
  restarts = 0;
  readonly #flash: Readonly<Record<SlotLabel, Flash>>;
  readonly #bootloader: Bootloader;
  readonly #updater: Updater;
  readonly #routes: ShippedRoutes | DocumentedRoutes;
  readonly #server: HttpServer;
  readonly #log: RequestLog;
  readonly #listeners = new Set<() => void>();
  /** A request that nobody holds can be collected while it hangs, and its signal then never tells that the client gave up. */
  readonly #underWay = new Set<Request>();
  #power = new Power();
  #backAt = -Infinity;
  /** The device's Python handles one request at a time; this is the end of its queue. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: Partial<DeviceOptions> = {}) {
    this.options = { ...DEFAULTS, ...options };
    const { clock, costs, slotBytes, firmware, leftover, dialect } = this.options;
    this.#flash = { ota_0: new Flash(slotBytes, clock, costs), ota_1: new Flash(slotBytes, clock, costs) };
    this.#flash.ota_0.preload(firmware);
    this.#flash.ota_1.preload(leftover);
    this.#bootloader = new Bootloader(this.#flash, this.options);
    this.#bootloader.slot('ota_0').imageBytes = firmware.length;
    this.#updater = new Updater(this.#bootloader, clock, this.options);
    const Routes = dialect === 'shipped' ? ShippedRoutes : DocumentedRoutes;
    this.#routes = new Routes(this.#updater, this.#bootloader, clock, this.options);
    this.#server = new HttpServer(this.options, () => this.restart());
    this.#log = new RequestLog(clock);
  }

  /** Label of the slot that runs; null where the device starts from neither. */
  get running(): SlotLabel | null {
    return this.#bootloader.running;
  }

  /** Label of the slot that the next reset tries. */
  get boot(): SlotLabel {
    return this.#bootloader.boot;
  }

  /** The bytes of the image that runs, read back from flash. */
  get runningImage(): Uint8Array<ArrayBuffer> {
    return this.running === null ? new Uint8Array(0) : this.#bootloader.image(this.running);
  }

  /** Whether the image that runs was marked valid. The first one was, at the factory. */
  get markedValid(): boolean {
    return this.running !== null && this.#bootloader.slot(this.running).state === 'valid';
  }

  /** A copy of a whole slot. */
  slot(label: SlotLabel): Uint8Array<ArrayBuffer> {
    return this.#flash[label].read(0, this.options.slotBytes);
  }

  /** Bytes of a slot whose bits a fault turned over, and no erase has set right since: by offset, the mask; 0: back again. */
  turned(label: SlotLabel): ReadonlyMap<number, number> {
    return this.#flash[label].turned;
  }

  /** How often a fault turned bits of a byte over. */
  get bytesTurned(): number {
    return this.#flash.ota_0.bytesTurned + this.#flash.ota_1.bytesTurned;
  }

  get session(): Readonly<Session> | null {
    return this.#updater.session;
  }

  /** Every write the device took, over all sessions and resets. */
  get writeLog(): readonly Written[] {
    return this.#updater.log;
  }

  get bytesProgrammedTwice(): number {
    return this.#flash.ota_0.bytesProgrammedTwice + this.#flash.ota_1.bytesProgrammedTwice;
  }

  get blocksErased(): number {
    return this.#flash.ota_0.blocksErased + this.#flash.ota_1.blocksErased;
  }

  /** Milliseconds spent in erasing and programming, as the device measured them. */
  get flashMs(): number {
    return this.#flash.ota_0.busyMs + this.#flash.ota_1.busyMs;
  }

  get requests(): readonly LoggedRequest[] {
    return this.#log.requests;
  }

  /** The most requests that were open at once, counted until the client had its answer or gave up. */
  get requestsInFlightMax(): number {
    return this.#log.inFlightMax;
  }

  /** Whether it is off, or not back yet from a reset. */
  get away(): boolean {
    return this.running === null || this.options.clock.now() < this.#backAt;
  }

  /** Resets the device: RAM is lost, what it was doing ends in the middle, the bootloader chooses a slot. */
  restart(awayMs: number = this.options.awayMs): void {
    this.restarts += 1;
    this.#power.cut();
    this.#power = new Power();
    this.#queue = Promise.resolve();
    this.#updater.forget();
    this.#bootloader.reset();
    this.#backAt = this.options.clock.now() + awayMs;
    for (const listener of this.#listeners) listener();
  }

  /** Pulls the plug; the next `restart` puts it in again. */
  switchOff(): void {
    this.restart(Infinity);
  }

  /** Calls `listener` at every reset; the answer stops that. */
  onRestart(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Answers one request. Rejects with `ConnectionDropped` where the device gives no answer, and with the request's own
   * abort reason as soon as the client gives up; what the device had begun goes on all the same. The way there and back
   * is counted from `arrivedAt`, by the device's clock: who had to read the request first took part of it.
   */
  async handle(request: Request, arrivedAt = this.options.clock.now()): Promise<Response> {
    // Given up before it left: nothing reaches the device.
    request.signal.throwIfAborted();
    const entry = this.#log.open(request);
    this.#underWay.add(request);
    const { signal } = request;
    const gaveUp = new Promise<never>((_, reject) => {
      // What the client gave as its reason is what it gets back, as from `fetch`.
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      const giveUp = (): void => reject(signal.reason);
      signal.addEventListener('abort', giveUp, { once: true });
    });
    try {
      const response = await Promise.race([this.#serve(request, arrivedAt, entry.setBytes), gaveUp]);
      entry.close(response.status);
      return response;
    } catch (error) {
      entry.close(signal.aborted ? 'given up' : 'dropped');
      throw error;
    } finally {
      this.#underWay.delete(request);
    }
  }

  async #serve(request: Request, arrivedAt: number, setBytes: (bytes: number) => void): Promise<Response> {
    if (this.away) throw new ConnectionDropped();
    const power = this.#power;
    const body = new Uint8Array(await request.arrayBuffer());
    setBytes(body.length);
    const { clock, costs, cors } = this.options;
    await this.#pause(arrivedAt + costs.roundTripMs - clock.now(), power);
    power.check();
    const call = this.#read(request, body);
    const info = {
      ...this.#log.count(this.#routeName(request, call)),
      method: request.method,
      offset: this.#updater.session?.written ?? null,
      bytes: body.length,
    };
    const fault = this.fault === null ? null : this.fault(info);
    return injectFault(fault, {
      body: call.body,
      answer: (sent) =>
        this.#server.answer(request, { ...call, body: sent }, (through) => this.#python(through, power)),
      pause: (ms) => this.#pause(ms, power),
      // Where the request itself made it restart, this is that restart, not a second one.
      restart: () => (this.#power === power ? this.restart() : undefined),
      shareWithPage: (response) => withCors(cors, request, response),
      updater: this.#updater,
      flash: this.#flash,
    });
  }

  async #python(call: Call, power: Power): Promise<Response> {
    const arrived = this.options.clock.now();
    const turn = this.#queue.then(async () => {
      power.check();
      return this.#route(call, power);
    });
    // The queue goes on after a failure; the failure itself is `turn`'s, and is seen below.
    this.#queue = turn.catch(() => undefined);
    const reply = await turn;
    power.check();
    if (reply.kind === 'reset') {
      this.restart();
      throw new ConnectionDropped();
    }
    if (reply.thenRestart === true) this.restart();
    // The server gave up on Python before, so this answer finds nobody; what was done stays done.
    const late = this.options.clock.now() - arrived > HANDLER_LIMIT_MS;
    return late ? plain(504, SERVER_WORDS[504]) : reply.response;
  }

  async #route(call: Call, power: Power): Promise<Reply> {
    const { route } = call;
    if (route === null || !this.#knows(route, call.method)) {
      return { kind: 'answer', response: plain(404, SERVER_WORDS[404]) };
    }
    if (!this.#routes.authorised(call)) return { kind: 'answer', response: detail(401, 'invalid ota token') };
    try {
      return await this.#routes.answer(route, call, power);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { kind: 'answer', response: detail(error.status, error.message) };
    }
  }

  #read(request: Request, body: Uint8Array<ArrayBuffer>): Call {
    const { pathname, searchParams } = new URL(request.url);
    const start = `${this.options.prefix}/`;
    const route = pathname.startsWith(start) ? pathname.slice(start.length) : null;
    return { method: request.method, route, query: searchParams, headers: request.headers, body };
  }

  /** What fault scripts call this request. */
  #routeName(request: Request, call: Call): string {
    if (request.method === 'OPTIONS') return 'preflight';
    if (call.route !== null && this.#knows(call.route, call.method)) return call.route;
    return answerStatic(this.options.mount, request, new URL(request.url)) === null ? 'unknown' : 'static';
  }

  #knows(route: string, method: string): boolean {
    const routes: Readonly<Record<string, string>> = this.#routes.routes;
    return Object.hasOwn(routes, route) && routes[route] === method;
  }

  async #pause(ms: number, power: Power): Promise<void> {
    if (ms <= 0) return;
    await this.options.clock.sleep(ms);
    power.check();
  }
}
