/**
 * How many updates run at once, found out while they run. The rule:
 *
 * - It begins with 4. A window is as many ended updates as may run at once.
 * - A window without trouble doubles it. Where that did not bring clearly more throughput, the step is taken back, and
 *   no other one is tried: the network carries no more.
 * - A lost connection halves it at once, and so does a window in which half of the updates needed another try. One
 *   window halves once: what broke together says one thing. After that it may grow again.
 * - Time in which nothing could be sent (a pause) is in no window.
 */
import { MOST_AT_ONCE } from '../model/rollout/rollout-state.ts';

/** Four devices at once never hurt a home router, and show soon whether more would help. */
const FIRST_CONCURRENCY = 4;
/** Throughput must grow by this much for a step to count as one that helped: less is the noise of Wi-Fi. */
const GREW_BY = 1.15;
/** The share of a window's updates in trouble that no single device explains. */
const TROUBLED = 0.5;

/** What an update that ended says about the network. */
export interface Carried {
  /** What the device acknowledged. */
  readonly bytes: number;
  /** `retried`: it succeeded, after answers were lost. `lost`: it failed because its connection was lost. */
  readonly trouble: 'none' | 'retried' | 'lost';
}

export class Concurrency {
  readonly #fixed: boolean;
  #concurrency: number;
  /**
   * The concurrency before the last step, and its throughput in bytes per millisecond; null: no step is being judged.
   */
  #stepFrom: { readonly concurrency: number; readonly rate: number } | null = null;
  #settled = false;
  #window: Window;

  /** @param fixed what the person set; null: it is found out */
  constructor(fixed: number | null, now: number) {
    this.#fixed = fixed !== null;
    this.#concurrency = Math.max(1, Math.min(MOST_AT_ONCE, Math.floor(fixed ?? FIRST_CONCURRENCY)));
    this.#window = new Window(now);
  }

  get now(): number {
    return this.#concurrency;
  }

  /** Forgets what was learned so far: the first wave is over, and many updates at once begin. */
  reset(now: number): void {
    if (!this.#fixed) this.#concurrency = FIRST_CONCURRENCY;
    this.#stepFrom = null;
    this.#settled = false;
    this.#window = new Window(now);
  }

  /** Sending goes on after a pause. */
  resume(now: number): void {
    this.#window = new Window(now);
  }

  /** An update ended that used the network. */
  countEnd({ bytes, trouble }: Carried, now: number): void {
    if (this.#fixed) return;
    const window = this.#window;
    window.bytes += bytes;
    window.ends += 1;
    if (trouble !== 'none') window.troubled += 1;
    if (trouble === 'lost' && !window.followsHalving) this.#halve(now);
    else if (window.ends >= this.#concurrency && now > window.start) this.#judge(window, now);
  }

  #judge(window: Window, now: number): void {
    if (window.troubled >= window.ends * TROUBLED) {
      this.#halve(now);
      return;
    }
    this.#window = new Window(now);
    // A little trouble is no reason for a step back, and none for a step further.
    if (window.troubled > 0) return;
    const rate = window.bytes / (now - window.start);
    const from = this.#stepFrom;
    this.#stepFrom = null;
    if (from !== null && rate < from.rate * GREW_BY) {
      this.#concurrency = from.concurrency;
      this.#settled = true;
    } else if (!this.#settled && this.#concurrency < MOST_AT_ONCE) {
      this.#stepFrom = { concurrency: this.#concurrency, rate };
      this.#concurrency = Math.min(MOST_AT_ONCE, this.#concurrency * 2);
    }
  }

  #halve(now: number): void {
    this.#concurrency = Math.max(1, Math.floor(this.#concurrency / 2));
    this.#stepFrom = null;
    this.#settled = false;
    this.#window = new Window(now, true);
  }
}

class Window {
  readonly start: number;
  /** An update that fails in it may have begun when more ran at once. */
  readonly followsHalving: boolean;
  bytes = 0;
  ends = 0;
  troubled = 0;

  constructor(start: number, followsHalving = false) {
    this.start = start;
    this.followsHalving = followsHalving;
  }
}
