/** Time and chance, which the engine asks for, so that a test can hand it its own. */
export interface Clock {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Milliseconds since 1970: for what outlives the page. */
  date(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it aborts, and leaves no timer behind. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** A number in [0, 1). */
export type Random = () => number;
