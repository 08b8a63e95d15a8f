import type { Connectivity } from '../../src/update/ports.ts';

/** The way between page and device; it can be cut. */
export class Network implements Connectivity {
  up = true;
  #listeners = new Set<() => void>();

  online(): boolean {
    return this.up;
  }

  changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#listeners.add(resolve);
      signal.addEventListener('abort', () => this.#listeners.delete(resolve), { once: true });
    });
  }

  set(up: boolean): void {
    this.up = up;
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }
}
