/** What a person can do to a running update. One object a run; the engine listens, the page's buttons call. */
export class UpdateControls {
  readonly #cancel = new AbortController();
  #paused = false;
  #wake: (() => void)[] = [];

  /** Aborts when the person cancels. */
  get cancelled(): AbortSignal {
    return this.#cancel.signal;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Takes effect after the request that is in flight; clears any backoff at once. */
  pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#changed();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#changed();
  }

  /** Ends the run within one chunk; the device is told. */
  cancel(): void {
    this.#cancel.abort();
    this.#changed();
  }

  /** Resolves at the next pause, resume or cancel. */
  changed(): Promise<void> {
    return new Promise((resolve) => this.#wake.push(resolve));
  }

  #changed(): void {
    const wake = this.#wake;
    this.#wake = [];
    for (const resolve of wake) resolve();
  }
}
