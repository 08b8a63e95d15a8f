/** Holds a device still at a moment that a test names, so that no test has to be quick enough. */
import type { DeviceClock, Costs } from '../../src/simulator/clock.ts';

/** Longer than any request needs to come in, so that each has to wait; the brake decides how long that takes. */
export const BRAKED: Costs = { eraseMsPerBlock: 0, programMsPerBlock: 0, roundTripMs: 60_000 };

export class Brake implements DeviceClock {
  #isOn: () => boolean = () => false;
  #held: (() => void)[] = [];
  #reached: (() => void)[] = [];
  #ahead = 0;

  now(): number {
    return performance.now() + this.#ahead;
  }

  /** Advances the device's clock alone, so that no test has to wait until a session has run out. */
  pass(ms: number): void {
    this.#ahead += ms;
  }

  sleep(): Promise<void> {
    if (!this.#isOn()) return Promise.resolve();
    this.#isOn = () => true;
    for (const tell of this.#reached.splice(0)) tell();
    return new Promise((resolve) => this.#held.push(resolve));
  }

  /** Once `isOn` says yes, that request and every later one waits. Resolves when the first one does. */
  hold(isOn: () => boolean): Promise<void> {
    this.#isOn = isOn;
    return new Promise((resolve) => this.#reached.push(resolve));
  }

  release(): void {
    this.#isOn = () => false;
    for (const go of this.#held.splice(0)) go();
  }
}
