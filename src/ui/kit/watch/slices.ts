import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Draws a long list one slice per task, so that two hundred lines hold up neither a tap nor a scroll. */
export class Slices implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #size: number;
  #drawn: number;
  #wanted = 0;

  /** @param size lines made in one task; a task stays under 50 ms on a phone, four times slower than a laptop */
  constructor(host: ReactiveControllerHost, size: number) {
    this.#host = host;
    this.#size = size;
    this.#drawn = size;
    host.addController(this);
  }

  /** What of `list` is drawn by now. May be asked for several lists of one element. */
  of<T>(list: readonly T[]): readonly T[] {
    this.#wanted = Math.max(this.#wanted, list.length);
    return list.slice(0, this.#drawn);
  }

  hostUpdated(): void {
    if (this.#drawn >= this.#wanted) return;
    setTimeout(() => {
      this.#drawn += this.#size;
      this.#host.requestUpdate();
    });
  }
}
