import type { Clock } from '../../../src/model/clock.ts';

interface Timer {
  readonly at: number;
  readonly ring: () => void;
}

/** Made once: in a test that stops a million timers, the stack of each error is what costs time. */
const STOPPED = new Error('The timer was stopped.');

/** A run that waits for a network or a session waits half an hour, and no longer without a byte: never a day. */
const LONGEST_MS = 24 * 60 * 60 * 1000;
/**
 * Timers that fire within one wait. The longest runs need a few hundred; a loop of timers without length needs them for
 * ever.
 */
const RINGS_AT_MOST = 20_000;

const RINGS_FOR_EVER = `The work does not end: ${RINGS_AT_MOST} timers have rung.`;
/**
 * Readings of the clock while nothing else gets a turn. A chunk takes a handful; code that reads it this often waits
 * for nothing.
 */
const LOOKS_AT_MOST = 10_000;

/**
 * Turns of Node's loop to let pass: promises settle within one, but the end of each body takes a turn of its own: that
 * of a request, of the same request when the browser sends it again, and of the answer.
 */
const TURNS = 4;

/** The date at which fake time begins; any date will do. */
const EPOCH = Date.UTC(2026, 0, 1);

/**
 * Time that stands still until all code waits, then jumps to the next timer. Both the engine and the simulated device
 * take it, so that minutes of patience pass at once.
 */
export class FakeClock implements Clock {
  #now = 0;
  #timers: Timer[] = [];
  #looks = 0;

  now(): number {
    this.#look();
    return this.#now;
  }

  date(): number {
    this.#look();
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

  /**
   * Lets time pass until `work` settles.
   *
   * @throws where nothing is left that could settle it, or nothing that will
   */
  async settle<T>(work: Promise<T>): Promise<T> {
    const watch = { settled: false };
    const watched = work.finally(() => {
      watch.settled = true;
    });
    // Its rejection is handled where it is returned; until then it must not count as unhandled.
    watched.catch(() => undefined);
    const from = this.#now;
    for (let rings = 0; rings < RINGS_AT_MOST; rings++) {
      await this.#everybodyWaits();
      if (watch.settled) return watched;
      if (!this.#jump()) throw new Error('Nothing is left to wait for, and the work is not done.');
      if (this.#now - from > LONGEST_MS) throw new Error('The work does not end: a day has passed.');
    }
    throw new Error(RINGS_FOR_EVER);
  }

  /** Lets `ms` milliseconds pass, and everything that falls due in them happen. */
  async pass(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (let rings = 0; rings < RINGS_AT_MOST; rings++) {
      await this.#everybodyWaits();
      const next = this.#earliest();
      if (!next || next.at > until) {
        this.#now = until;
        await this.#everybodyWaits();
        return;
      }
      this.#jump();
    }
    throw new Error(RINGS_FOR_EVER);
  }

  async #everybodyWaits(): Promise<void> {
    this.#looks = 0;
    for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
  }

  /** Code that never waits would keep all other code from its turn, also a time limit of the test. */
  #look(): void {
    this.#looks += 1;
    if (this.#looks > LOOKS_AT_MOST) throw new Error('The work does not end: it waits for nothing.');
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
