import type { Clock } from '../../src/update/ports.ts';

interface Timer {
  readonly at: number;
  readonly ring: () => void;
}

/** Made once: an error's stack is what costs in a test that stops a million timers. */
const STOPPED = new Error('The timer was stopped.');

/** The date at which fake time begins; any will do. */
const EPOCH = Date.UTC(2026, 0, 1);

/**
 * Time that stands still until everybody waits, then jumps to the next timer. Both the engine and the simulated
 * device take it, so that minutes of patience pass at once.
 */
export class FakeClock implements Clock {
  #now = 0;
  #timers: Timer[] = [];

  now(): number {
    return this.#now;
  }

  date(): number {
    return EPOCH + this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#timers = this.#timers.filter((timer) => timer !== timer_);
        reject(STOPPED);
      };
      const timer_: Timer = {
        at: this.#now + ms,
        ring: () => {
          signal?.removeEventListener('abort', abort);
          resolve();
        },
      };
      if (signal?.aborted) {
        abort();
        return;
      }
      signal?.addEventListener('abort', abort, { once: true });
      this.#timers.push(timer_);
    });
  }

  /** Timers that are set now. */
  get pending(): number {
    return this.#timers.length;
  }

  /** Lets time pass until `work` settles. @throws where nothing is left that could settle it */
  async settle<T>(work: Promise<T>): Promise<T> {
    const watch = { settled: false };
    const watched = work.finally(() => {
      watch.settled = true;
    });
    // Heard where it is returned; until then it is nobody's unhandled rejection.
    watched.catch(() => undefined);
    for (;;) {
      await everybodyWaits();
      if (watch.settled) return watched;
      if (!this.#jump()) throw new Error('Nothing is left to wait for, and the work is not done.');
    }
  }

  /** Lets `ms` milliseconds pass, and everything that falls due in them happen. */
  async pass(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      await everybodyWaits();
      const next = this.#earliest();
      if (!next || next.at > until) break;
      this.#jump();
    }
    this.#now = until;
    await everybodyWaits();
  }

  #earliest(): Timer | undefined {
    let earliest: Timer | undefined;
    for (const timer of this.#timers) if (!earliest || timer.at < earliest.at) earliest = timer;
    return earliest;
  }

  #jump(): boolean {
    const next = this.#earliest();
    if (!next || next.at === Infinity) return false;
    this.#timers = this.#timers.filter((timer) => timer !== next);
    this.#now = Math.max(this.#now, next.at);
    next.ring();
    return true;
  }
}

/**
 * Promises settle before the next turn of Node's loop, but the end of each body is told in a turn of its own: that of a
 * request, of the same request when the browser sends it again, and of the answer.
 */
const TURNS = 4;

async function everybodyWaits(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
}
