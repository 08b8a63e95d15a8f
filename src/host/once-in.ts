/** Lets something be said again of the same one only after a while. */
export class OnceIn {
  readonly #ms: number;
  readonly #now: () => number;
  readonly #saidAt = new Map<string, number>();

  /** `now`: milliseconds of a clock that is never set back. */
  constructor(ms: number, now: () => number = () => performance.now()) {
    this.#ms = ms;
    this.#now = now;
  }

  /** Whether it is time to say it of `whom`, which counts as said then. */
  isDue(whom: string): boolean {
    const now = this.#now();
    // What is over is forgotten: there are many addresses.
    for (const [one, at] of this.#saidAt) if (now - at >= this.#ms) this.#saidAt.delete(one);
    if (this.#saidAt.has(whom)) return false;
    this.#saidAt.set(whom, now);
    return true;
  }
}
