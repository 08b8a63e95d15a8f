/** Hashes in a worker, so that the page has no long task of it. Where that cannot be, the page does it itself. */
import { makeYielder } from '../firmware/bytes/yielder.ts';
import type { DigestAway } from '../firmware/bytes/digest.ts';
import type { DigestAlgorithm } from '../firmware/bytes/digest-work.ts';
import type { HashAnswer, HashOrder } from '../firmware/bytes/hash-worker.ts';
import type { Bytes } from '../firmware/bytes/little-endian.ts';
import type { Clock } from '../model/clock.ts';

/** What is used of a `Worker`. */
export interface HashWorker {
  postMessage(order: HashOrder, ports: MessagePort[]): void;
  addEventListener(type: 'error', heard: (event: Event) => void): void;
  removeEventListener(type: 'error', heard: (event: Event) => void): void;
  terminate(): void;
}

/**
 * Milliseconds in which a worker has to say that it is there. A slow phone starts one in a tenth of a second; one that
 * says nothing for so long waits for its script from a host that is out of reach, and the person waits for a file.
 */
export const START_MS = 3_000;

/**
 * After so many milliseconds without an order the worker is ended, and what it still holds of the last file goes with
 * it. A file is hashed two to four times in a row (its name, the image's own hash, a signature): these share a worker.
 */
export const IDLE_MS = 5_000;

/**
 * Bytes that are copied for the worker at a time: well under a millisecond. The page needs the file itself, so it cannot
 * give it away; copied whole, a large one would be a long task, and twice the file in the page's memory.
 */
export const PIECE_BYTES = 1024 * 1024;

export class WorkerHash {
  readonly #start: () => HashWorker;
  readonly #clock: Pick<Clock, 'sleep'>;
  #worker: HashWorker | null = null;
  /** `never`: the first did not start (no such script, forbidden, an old browser), and no other is tried. */
  #works: 'unknown' | 'yes' | 'never' = 'unknown';
  readonly #orders = new Set<Order>();
  /** Ends the wait for more orders. */
  #idle = new AbortController();

  constructor(start: () => HashWorker, clock: Pick<Clock, 'sleep'>) {
    this.#start = start;
    this.#clock = clock;
  }

  readonly digest: DigestAway = async (algorithm, bytes, signal) => {
    const worker = this.#awake();
    if (worker === null) return null;
    const order = new Order(worker);
    this.#orders.add(order);
    try {
      return await this.#hash(order, algorithm, bytes, signal);
    } finally {
      order.end();
      this.#orders.delete(order);
      if (order.isLost) this.#drop(worker);
      if (this.#orders.size === 0) void this.#endWhenIdle();
    }
  };

  async #hash(
    order: Order,
    algorithm: DigestAlgorithm,
    bytes: Bytes,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array | null> {
    const first = this.#inTime(order);
    order.place({ algorithm, size: bytes.length });
    const said = await first;
    if (said === null) this.#giveUp();
    if (said !== 'here') return null;
    this.#works = 'yes';
    const last = order.answer();
    const yieldWhenDue = makeYielder();
    for (let at = 0; at < bytes.length && !order.isLost; at += PIECE_BYTES) {
      order.hand(bytes.slice(at, at + PIECE_BYTES));
      await yieldWhenDue();
      signal?.throwIfAborted();
    }
    order.hand(null);
    const digest = await last;
    return digest instanceof ArrayBuffer ? new Uint8Array(digest) : null;
  }

  /** The first answer; the order is lost where none comes in time. */
  async #inTime(order: Order): Promise<HashAnswer | null> {
    const watch = new AbortController();
    this.#clock.sleep(START_MS, watch.signal).then(order.lose, () => undefined);
    const said = await order.answer();
    watch.abort();
    return said;
  }

  #awake(): HashWorker | null {
    this.#idle.abort();
    if (this.#works === 'never') return null;
    try {
      this.#worker ??= this.#start();
    } catch {
      // No workers in this browser, or the page's policy forbids this one.
      this.#giveUp();
    }
    return this.#worker;
  }

  /** Tries no other worker, unless one worked before: then this one broke, or its start was slow. */
  #giveUp(): void {
    if (this.#works === 'unknown') this.#works = 'never';
  }

  async #endWhenIdle(): Promise<void> {
    this.#idle = new AbortController();
    try {
      await this.#clock.sleep(IDLE_MS, this.#idle.signal);
    } catch {
      return;
    }
    // An order may have come in the very moment.
    if (this.#worker !== null && this.#orders.size === 0) this.#drop(this.#worker);
  }

  #drop(worker: HashWorker): void {
    worker.terminate();
    if (this.#worker === worker) this.#worker = null;
    for (const order of this.#orders) if (order.worker === worker) order.lose();
  }
}

/** One order to a worker, on a port of its own. */
class Order {
  readonly worker: HashWorker;
  readonly #port: MessagePort;
  readonly #theirs: MessagePort;
  #hear: (said: HashAnswer | null) => void = () => undefined;
  #isLost = false;

  constructor(worker: HashWorker) {
    const { port1, port2 } = new MessageChannel();
    this.worker = worker;
    this.#port = port1;
    this.#theirs = port2;
    port1.onmessage = ({ data }: MessageEvent<HashAnswer>) => this.#hear(data);
    worker.addEventListener('error', this.#fail);
  }

  /** Whether the worker is gone, so that nothing will come of the order. */
  get isLost(): boolean {
    return this.#isLost;
  }

  readonly lose = (): void => {
    this.#isLost = true;
    this.#hear(null);
  };

  place(order: HashOrder): void {
    this.worker.postMessage(order, [this.#theirs]);
  }

  /** What is said next; null where the order is lost. */
  answer(): Promise<HashAnswer | null> {
    return this.#isLost ? Promise.resolve(null) : new Promise((resolve) => (this.#hear = resolve));
  }

  /** A piece is gone from this side; null: that was all. */
  hand(piece: Bytes | null): void {
    this.#port.postMessage(piece, piece === null ? [] : [piece.buffer]);
  }

  end(): void {
    this.#port.close();
    this.worker.removeEventListener('error', this.#fail);
  }

  /** There is another way to hash, so the person is told of no error. */
  readonly #fail = (event: Event): void => {
    event.preventDefault();
    this.lose();
  };
}
