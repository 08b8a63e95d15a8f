import type { Connectivity } from '../../../src/model/page/connectivity.ts';

/** The way between page and device: a test cuts it and mends it. */
export class Network implements Connectivity {
  up = true;
  readonly #listeners = new Set<() => void>();

  get listeners(): number {
    return this.#listeners.size;
  }

  online(): boolean {
    return this.up;
  }

  changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#listeners.add(resolve);
      signal.addEventListener('abort', () => this.#listeners.delete(resolve), { once: true });
    });
  }

  /** Notifies the listeners of a change, also where nothing has changed. */
  tell(): void {
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }

  set(up: boolean): void {
    this.up = up;
    this.tell();
  }
}
