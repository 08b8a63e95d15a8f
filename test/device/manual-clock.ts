import type { Clock } from '../../src/model/clock.ts';

interface Timer {
  readonly at: number;
  readonly ring: () => void;
}

/** Time that stands still until a test moves it. Knows no runtime, so that the same tests run in Node and in a browser. */
export class ManualClock implements Clock {
  #now = 0;
  #timers: Timer[] = [];

  now(): number {
    return this.#now;
  }

  date(): number {
    return Date.UTC(2026, 0, 1) + this.#now;
  }

  /** Timers that are set now. */
  get pending(): number {
    return this.#timers.length;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer: Timer = { at: this.#now + ms, ring: resolve };
      this.#timers.push(timer);
      signal.addEventListener('abort', () => {
        this.#timers = this.#timers.filter((other) => other !== timer);
        reject(new DOMException('The timer was stopped.', 'AbortError'));
      });
    });
  }

  /** Moves time on and fires the timers that are due, at once: for work that awaits nothing else. */
  advance(ms: number): void {
    this.#now += ms;
    const due = this.#timers.filter((timer) => timer.at <= this.#now);
    this.#timers = this.#timers.filter((timer) => timer.at > this.#now);
    for (const timer of due) timer.ring();
  }

  /** The same after pending promises have settled; and lets what the timers started settle, too. */
  async pass(ms: number): Promise<void> {
    await settled();
    this.advance(ms);
    await settled();
  }
}

/** Resolves in later tasks, after pending promises; streams take several. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) {
    await new Promise<void>((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(null);
    });
  }
}
