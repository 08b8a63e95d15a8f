/** Whether a device has answered since an upload: whether it was away, and for how long the new firmware has run. */
import type { Clock } from '../../model/clock.ts';
import { AWAY_AFTER_MS } from '../time-limits.ts';

export class Presence {
  readonly #clock: Pick<Clock, 'now'>;
  /** It did not answer for a time since its “yes”. */
  wasAway = false;
  /** The new firmware has answered. */
  sawNew = false;
  /** Since when the new firmware answers without a gap, by the monotonic clock; null: it does not. */
  #newSince: number | null = null;
  /** Since when the device has not answered, by the monotonic clock; null: it does. */
  #awaySince: number | null = null;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** Whether the new firmware answers, and may still roll back. */
  get isSettling(): boolean {
    return this.#newSince !== null;
  }

  /** An upload goes out. */
  begin(): void {
    this.wasAway = false;
    this.sawNew = false;
    this.#newSince = null;
    this.#awaySince = null;
  }

  /**
   * Notes that the new firmware answers.
   *
   * @param settlesMs as `WholeImageTraits` has it
   * @returns whether it has done so for long enough to stay
   */
  seeNew(settlesMs: number): boolean {
    const now = this.#clock.now();
    this.#newSince ??= now;
    this.sawNew = true;
    return now - this.#newSince >= settlesMs;
  }

  /** Notes that it did not answer as the new firmware. */
  missNew(): void {
    this.#newSince = null;
  }

  /**
   * Notes that it did not answer at all.
   *
   * @param askedAt by the monotonic clock
   */
  missAny(askedAt: number): void {
    this.#awaySince ??= askedAt;
  }

  /** Notes that it answers. One answer that was lost does not count as an absence. */
  hearAgain(): void {
    const since = this.#awaySince;
    this.#awaySince = null;
    if (since !== null && this.#clock.now() - since >= AWAY_AFTER_MS) this.wasAway = true;
  }
}
