/** Limits how long the C server waits for Python: then the client gets 504, and Python works on all the same. */
import type { DeviceClock } from '../clock.ts';
import { HANDLER_LIMIT_MS } from '../server/server-limits.ts';

interface Waiting {
  readonly until: number;
  readonly giveUp: () => void;
}

/**
 * The clock of Python's work. While it sleeps, it also ends the waits whose time is up, so that no timer is needed for
 * a request that is answered at once.
 */
export class PythonClock implements DeviceClock {
  readonly #clock: DeviceClock;
  readonly #waiting = new Set<Waiting>();

  constructor(clock: DeviceClock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  async sleep(ms: number): Promise<void> {
    const end = this.now() + ms;
    for (let next = this.#firstBefore(end); next !== null; next = this.#firstBefore(end)) {
      const left = next.until - this.now();
      if (left > 0) await this.#clock.sleep(left);
      this.#waiting.delete(next);
      next.giveUp();
    }
    const rest = end - this.now();
    if (rest > 0) await this.#clock.sleep(rest);
  }

  /** Settles as `work` does, or with null where it took too long. */
  wait<T>(work: Promise<T>): Promise<T | null> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { until: this.now() + HANDLER_LIMIT_MS, giveUp: () => resolve(null) };
      this.#waiting.add(waiting);
      void work.then(resolve, reject).finally(() => this.#waiting.delete(waiting));
    });
  }

  /** The wait that ends first, where that is before `end`: an answer that comes at the very end still counts. */
  #firstBefore(end: number): Waiting | null {
    let first: Waiting | null = null;
    for (const waiting of this.#waiting) {
      if (waiting.until < end && waiting.until < (first?.until ?? Infinity)) first = waiting;
    }
    return first;
  }
}
