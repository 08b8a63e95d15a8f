/** How long the C server waits for Python: who asked gets 504 at the end of it, and Python works on all the same. */
import type { DeviceClock } from '../clock.ts';
import { HANDLER_LIMIT_MS } from '../server/server-limits.ts';

interface Waiting {
  readonly until: number;
  readonly giveUp: () => void;
}

/**
 * The clock that Python's work goes by. While it sleeps, the patience of whoever waits runs out in time; so no timer is
 * set for a request that is answered at once.
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

  /** Whose patience ends first, where it ends before `end`: an answer that comes at the very end is still taken. */
  #firstBefore(end: number): Waiting | null {
    let first: Waiting | null = null;
    for (const waiting of this.#waiting) {
      if (waiting.until < end && waiting.until < (first?.until ?? Infinity)) first = waiting;
    }
    return first;
  }
}
