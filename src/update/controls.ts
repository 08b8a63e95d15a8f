/**
 * What a person can do to a running update. There is one object for each run: the engine listens to it, and the page's
 * buttons call it.
 */
export class UpdateControls {
  readonly #cancel = new AbortController();
  readonly #waiting = new Set<() => void>();
  #paused = false;

  /** Aborts when the person cancels. */
  get cancelled(): AbortSignal {
    return this.#cancel.signal;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Takes effect after the request that is in flight; ends any backoff at once. */
  pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#tell();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#tell();
  }

  /** Ends the run within one chunk; the device is told. */
  cancel(): void {
    this.#cancel.abort();
    this.#tell();
  }

  /** Resolves at the next pause, resume or cancel; never, once `signal` aborts. */
  changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.add(resolve);
      signal.addEventListener('abort', () => this.#waiting.delete(resolve), { once: true });
    });
  }

  #tell(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}
