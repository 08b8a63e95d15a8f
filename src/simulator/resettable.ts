/** What every simulated device has that can be reset: its power, whether it is there, and who is told of it. Knows no runtime. */
import type { DeviceClock } from './clock.ts';
import { Power } from './power.ts';

export abstract class Resettable<Options extends { readonly awayMs: number; readonly clock: DeviceClock }> {
  readonly options: Options;
  /** How often it was reset. */
  restarts = 0;
  /** When it was there again after its last reset. */
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

  /** Pulls the plug; the next `restart` puts it in again. */
  switchOff(): void {
    this.restart(Infinity);
  }

  /** Calls `listener` at every reset; the answer stops that. */
  onRestart(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** What a reset does to what it had in memory and in flash. Answers whether it is seen again, `awayMs` later. */
  protected abstract reset(awayMs: number): boolean;

  /** The stretch of time between two resets that it is in. */
  protected get power(): Power {
    return this.#power;
  }

  /** Where it was not reset since `power` began. */
  protected restartIn(power: Power): void {
    if (this.#power === power) this.restart();
  }

  /** By itself, so long after it has answered; also where nobody heard the answer. */
  protected restartSoon(power: Power, afterMs: number): void {
    void this.options.clock.sleep(afterMs).then(() => this.restartIn(power));
  }

  /** Rejects with `ConnectionDropped` where it is reset meanwhile. */
  protected async pause(ms: number, power: Power): Promise<void> {
    if (ms <= 0) return;
    await this.options.clock.sleep(ms);
    power.check();
  }
}
