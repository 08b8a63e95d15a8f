/**
 * What every simulated device has in common that can be reset: its power, whether it answers, and the listeners for
 * resets. Knows no runtime.
 */
import type { DeviceClock } from './clock.ts';
import { Power } from './power.ts';

export abstract class Resettable<Options extends { readonly awayMs: number; readonly clock: DeviceClock }> {
  readonly options: Options;
  /** How often it was reset. */
  restarts = 0;
  /** When it answered again after its last reset, by its clock. */
  protected startedAt: number;
  readonly #listeners = new Set<() => void>();
  #power = new Power();
  #backAt = -Infinity;

  constructor(options: Options) {
    this.options = options;
    this.startedAt = options.clock.now();
  }

  /** Whether it is off, or not back yet from a reset. */
  get away(): boolean {
    return this.options.clock.now() < this.#backAt;
  }

  /** Resets the device: RAM is lost, and what it was doing ends in the middle. */
  restart(awayMs: number = this.options.awayMs): void {
    this.restarts += 1;
    this.#power.cut();
    this.#power = new Power();
    const comesBack = this.reset(awayMs);
    this.startedAt = this.options.clock.now() + awayMs;
    this.#backAt = comesBack ? this.startedAt : Infinity;
    for (const listener of this.#listeners) listener();
  }

  /** Switches the power off; the next `restart` switches it on again. */
  switchOff(): void {
    this.restart(Infinity);
  }

  /**
   * Calls `listener` at every reset.
   *
   * @returns how to stop that
   */
  onRestart(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Does what a reset does to memory and flash. Answers whether the device is back after `awayMs`. */
  protected abstract reset(awayMs: number): boolean;

  /** The present time between two resets. */
  protected get power(): Power {
    return this.#power;
  }

  /** Restarts, unless it was reset since `power` began. */
  protected restartIn(power: Power): void {
    if (this.#power === power) this.restart();
  }

  /** Restarts by itself, so long after it has answered, even where its answer is lost. */
  protected restartSoon(power: Power, afterMs: number): void {
    void this.options.clock.sleep(afterMs).then(() => this.restartIn(power));
  }

  /** Waits. Rejects with `ConnectionDropped` where the device is reset meanwhile. */
  protected async pause(ms: number, power: Power): Promise<void> {
    if (ms <= 0) return;
    await this.options.clock.sleep(ms);
    power.check();
  }
}
