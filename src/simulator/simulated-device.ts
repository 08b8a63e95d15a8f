/**
 * A ViperHTTP device in memory: the protocol implemented a second time, from the device's side. Knows no runtime:
 * anything with `Request` and `Response` can run it, and thin adapters put it on sockets or behind a service worker.
 */
import { Bootloader, type SlotLabel } from './bootloader.ts';
import { callOf } from './call.ts';
import { injectFault } from './fault-injection.ts';
import type { FaultScript } from './faults.ts';
import { Flash } from './flash.ts';
import { HttpServer } from './server/http-server.ts';
import { DEFAULTS, type DeviceOptions } from './options.ts';
import { PythonClock } from './viperhttp/python-clock.ts';
import { ConnectionDropped } from './power.ts';
import { PythonSide } from './viperhttp/python-side.ts';
import { Resettable } from './resettable.ts';
import { RequestLog, type LoggedRequest } from './request-log.ts';
import { Updater, type Session, type Written } from './viperhttp/updater.ts';
import { fromRequest, type WireRequest } from './server/wire-request.ts';

export class SimulatedDevice extends Resettable<DeviceOptions> {
  /** What goes wrong; null: nothing. */
  fault: FaultScript | null = null;
  readonly #bootloader: Bootloader;
  readonly #updater: Updater;
  readonly #python: PythonSide;
  readonly #server: HttpServer;
  readonly #log: RequestLog;
  /**
   * Keeps each request reachable: one that hangs could be garbage-collected, and its signal would then never tell that
   * the client gave up.
   */
  readonly #underWay = new Set<object>();

  constructor(options: Partial<DeviceOptions> = {}) {
    super({ ...DEFAULTS, ...options });
    const { clock, costs, slots, slotBytes, firmware, leftover } = this.options;
    const pythonClock = new PythonClock(clock);
    const flash = slots.map((label) => [label, new Flash(slotBytes, pythonClock, costs)] as const);
    flash.forEach(([, partition], at) => partition.preload(at === 0 ? firmware : leftover));
    this.#bootloader = new Bootloader(flash, this.options);
    this.#bootloader.slot(this.#bootloader.boot).imageBytes = firmware.length;
    this.#updater = new Updater(this.#bootloader, clock, this.options);
    const parts = { bootloader: this.#bootloader, updater: this.#updater, pythonClock };
    this.#python = new PythonSide(this.options, parts, (power) => this.restartIn(power));
    this.#server = new HttpServer(this.options, () => this.restart());
    this.#log = new RequestLog(clock);
  }

  /** Label of the slot that runs; null where the device starts from none. */
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

  /** A copy of a whole slot. Throws where the device has no slot of that name. */
  slot(label: SlotLabel): Uint8Array<ArrayBuffer> {
    return this.#bootloader.slot(label).flash.read(0, this.options.slotBytes);
  }

  /**
   * Bytes of a slot with bits that a fault flipped since the last erase: by offset, the mask; 0: they were flipped
   * back.
   */
  flipped(label: SlotLabel): ReadonlyMap<number, number> {
    return this.#bootloader.slot(label).flash.flipped;
  }

  /** How many bytes a fault flipped bits of. */
  get bytesFlipped(): number {
    return this.#sum(({ bytesFlipped }) => bytesFlipped);
  }

  get session(): Readonly<Session> | null {
    return this.#updater.session;
  }

  /** Every write the device took, over all sessions and resets. */
  get writeLog(): readonly Written[] {
    return this.#updater.log;
  }

  get bytesProgrammedTwice(): number {
    return this.#sum(({ bytesProgrammedTwice }) => bytesProgrammedTwice);
  }

  get blocksErased(): number {
    return this.#sum(({ blocksErased }) => blocksErased);
  }

  /** Milliseconds spent in erasing and programming, as the device measured them. */
  get flashMs(): number {
    return this.#sum(({ busyMs }) => busyMs);
  }

  get requests(): readonly LoggedRequest[] {
    return this.#log.requests;
  }

  /** The most requests that were open at once, counted until the client had its answer or gave up. */
  get requestsInFlightMax(): number {
    return this.#log.inFlightMax;
  }

  override get away(): boolean {
    return this.running === null || super.away;
  }

  /**
   * Answers one request. Rejects with `ConnectionDropped` where the device gives no answer, and with the request's own
   * abort reason as soon as the client gives up; what the device had begun goes on all the same. The round trip is
   * counted from `arrivedAt`, by the device's clock: reading the request from a socket has taken a part of it.
   */
  handle(request: Request, arrivedAt = this.options.clock.now()): Promise<Response> {
    const { method, signal } = request;
    const { pathname, search } = new URL(request.url);
    return this.#attend({ method, target: pathname + search, signal, held: request }, arrivedAt, async () =>
      fromRequest(request, new Uint8Array(await request.arrayBuffer())),
    );
  }

  /** The same for a request from a socket, byte by byte as it was sent. */
  receive(request: WireRequest, signal: AbortSignal, arrivedAt = this.options.clock.now()): Promise<Response> {
    const { method, target } = request;
    return this.#attend({ method, target, signal, held: signal }, arrivedAt, () => Promise.resolve(request));
  }

  async #attend(
    { method, target, signal, held }: Arriving,
    arrivedAt: number,
    read: () => Promise<WireRequest>,
  ): Promise<Response> {
    // The client gave up before it was sent: nothing reaches the device.
    signal.throwIfAborted();
    const entry = this.#log.open(method, target);
    this.#underWay.add(held);
    const gaveUp = new Promise<never>((_, reject) => {
      // It rejects with the reason that the client gave, as `fetch` does.
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      const giveUp = (): void => reject(signal.reason);
      signal.addEventListener('abort', giveUp, { once: true });
    });
    try {
      const response = await Promise.race([this.#serve(read, arrivedAt, entry.setBytes), gaveUp]);
      entry.close(response.status);
      return response;
    } catch (error) {
      entry.close(signal.aborted ? 'given up' : 'dropped');
      throw error;
    } finally {
      this.#underWay.delete(held);
    }
  }

  async #serve(
    read: () => Promise<WireRequest>,
    arrivedAt: number,
    setBytes: (bytes: number) => void,
  ): Promise<Response> {
    if (this.away) throw new ConnectionDropped();
    const { power } = this;
    const request = await read();
    setBytes(request.bodyBytes);
    const { clock, costs } = this.options;
    await this.pause(arrivedAt + costs.roundTripMs - clock.now(), power);
    power.check();
    const { method, bodyBytes } = request;
    const offset = this.#updater.session?.written ?? null;
    const info = { ...this.#log.count(this.#python.nameOf(callOf(request))), method, offset, bytes: bodyBytes };
    const fault = this.fault === null ? null : this.fault(info);
    return injectFault(fault, {
      body: request.body,
      answer: (body) => {
        const sent = { ...request, body };
        return this.#server.answer(sent, () => this.#python.answer(callOf(sent), power));
      },
      pause: (ms) => this.pause(ms, power),
      // Where the request itself made the device restart, it does not restart a second time.
      restart: () => this.restartIn(power),
      shareWithPage: (response) => this.#server.share(request, response),
      updater: this.#updater,
      bootloader: this.#bootloader,
    });
  }

  /** The bootloader chooses a slot. */
  protected reset(): boolean {
    this.#python.forget();
    this.#updater.forget();
    this.#bootloader.reset();
    return true;
  }

  #sum(count: (flash: Flash) => number): number {
    return this.#bootloader.slots.reduce((sum, { flash }) => sum + count(flash), 0);
  }
}

interface Arriving {
  readonly method: string;
  readonly target: string;
  readonly signal: AbortSignal;
  /** Kept until the request has ended. */
  readonly held: object;
}
