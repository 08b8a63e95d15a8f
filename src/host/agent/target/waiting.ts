import type { Clock } from '../../../model/clock.ts';

/** The pause between two polls, which a person's word may cut short. */
export class Waiting {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #now: AbortController | null = null;
  #isWoken = false;

  /** `signal` ends it for good. */
  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
    signal.addEventListener('abort', () => this.wake(), { once: true });
  }

  /** Resolves after `ms` milliseconds, or earlier: when it was woken, also since the last wait, and when it ends. */
  async wait(ms: number): Promise<void> {
    if (!this.#isWoken && !this.#signal.aborted) {
      this.#now = new AbortController();
      await this.#clock.sleep(ms, this.#now.signal).catch(() => undefined); // It was woken.
      this.#now = null;
    }
    this.#isWoken = false;
  }

  wake(): void {
    this.#isWoken = true;
    this.#now?.abort();
  }
}
