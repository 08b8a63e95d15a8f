/** The PIN of a WLED lamp: once entered, it unlocks the lamp for everybody, for a while. */
import type { DeviceClock } from '../clock.ts';

/** How long the lamp stays unlocked after the PIN was last entered. */
const OPEN_MS = 15 * 60_000;
/** How long every other PIN is ignored after a wrong one. */
const COOLDOWN_MS = 3_000;
const DIGITS = 4;

export class PinLock {
  readonly #pin: string | null;
  readonly #clock: DeviceClock;
  #openUntil = -Infinity;
  #wrongAt = -Infinity;

  constructor(pin: string | null, clock: DeviceClock) {
    this.#pin = pin;
    this.#clock = clock;
  }

  get isOpen(): boolean {
    return this.#pin === null || this.#clock.now() < this.#openUntil;
  }

  enter(typed: string): void {
    if (this.#pin === null) return;
    const now = this.#clock.now();
    if (!this.isOpen && now - this.#wrongAt < COOLDOWN_MS) return;
    if (typed.slice(0, DIGITS) === this.#pin) this.#openUntil = now + OPEN_MS;
    else {
      this.#openUntil = -Infinity;
      this.#wrongAt = now;
    }
  }

  /** A reset: the lamp is locked again. */
  forget(): void {
    this.#openUntil = -Infinity;
  }
}
