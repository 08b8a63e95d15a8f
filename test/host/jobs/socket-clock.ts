import type { Clock } from '../../../src/model/clock.ts';
import type { DeviceClock } from '../../../src/simulator/clock.ts';

interface Timer {
  readonly at: number;
  readonly ring: () => void;
}

/** Turns in a row in which nobody has asked for the time: what is on its way over loopback, or to the disk, has arrived by then. */
const QUIET_TURNS = 5;
/** The date at which this time begins; any will do. */
const EPOCH = Date.UTC(2026, 0, 1);

/**
 * Time that stands still while anything moves between host and device over real sockets, then jumps to the next timer: so
 * minutes of patience pass at once. Both sides ask it with everything they do.
 */
export class SocketClock implements Clock, DeviceClock {
  #now = 0;
  #timers: Timer[] = [];
  #asked = 0;
  /** Works that take real time only. */
  #still = 0;
  readonly #quietTurns: number;

  /** @param quietTurns more than the default where nobody asks for the time while bytes go to and fro */
  constructor(quietTurns = QUIET_TURNS) {
    this.#quietTurns = quietTurns;
  }

  now(): number {
    this.#asked += 1;
    return this.#now;
  }

  date(): number {
    this.#asked += 1;
    return EPOCH + this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.#asked += 1;
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        this.#timers = this.#timers.filter((other) => other !== timer);
        reject(new Error('The timer was stopped.'));
      };
      const timer: Timer = {
        at: this.#now + ms,
        ring: () => {
          signal?.removeEventListener('abort', stop);
          resolve();
        },
      };
      if (signal?.aborted) {
        stop();
        return;
      }
      signal?.addEventListener('abort', stop, { once: true });
      this.#timers.push(timer);
    });
  }

  /** Timers that are set now. */
  get pending(): number {
    return this.#timers.length;
  }

  /** Lets time pass until `work` settles. */
  async settle<T>(work: Promise<T>): Promise<T> {
    let isOver = false;
    const watched = work.finally(() => (isOver = true));
    // Its rejection is handled where it is returned; until then it must not count as unhandled.
    watched.catch(() => undefined);
    const hasEnded = (): boolean => isOver;
    while (!hasEnded()) {
      await this.#quiet();
      if (!hasEnded()) this.#jump();
    }
    return watched;
  }

  /** Time stands still while `work` is done, which waits for the disk alone. */
  async still<T>(work: Promise<T>): Promise<T> {
    this.#still += 1;
    try {
      return await work;
    } finally {
      this.#still -= 1;
    }
  }

  async #quiet(): Promise<void> {
    for (let turns = 0, asked = this.#asked; turns < this.#quietTurns; turns++) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      await new Promise((resolve) => setImmediate(resolve));
      // A disk that is slow is no reason for time to pass.
      const isDiskBusy = process.getActiveResourcesInfo().includes('FSReqPromise');
      if (asked !== this.#asked || this.#still > 0 || isDiskBusy) turns = -1;
      asked = this.#asked;
    }
  }

  #jump(): void {
    const [next] = this.#timers.toSorted((one, other) => one.at - other.at);
    if (next === undefined || next.at === Infinity) return;
    this.#timers = this.#timers.filter((timer) => timer !== next);
    this.#now = Math.max(this.#now, next.at);
    next.ring();
  }
}
