/** Whether a device answers since an upload, and as what: whether it was away, and for how long the new firmware has run. */
import type { Clock } from '../../model/clock.ts';
import { AWAY_AFTER_MS } from '../time-limits.ts';

export class Presence {
  readonly #clock: Pick<Clock, 'now'>;
  /** It did not answer for a time since its yes. */
  wasAway = false;
  /** The new firmware has answered. */
  sawNew = false;
  /** Since when it answers without a gap, by the monotonic clock; null: it does not, or has not yet. */
  #newSince: number | null = null;
  /** Since when it gives no answer since the upload, by the monotonic clock; null: it does. */
  #awaySince: number | null = null;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** Whether the new firmware answers, and may still go back. */
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

  /** The new firmware answers. Whether it has done so for long enough to stay. @param settlesMs as `Traits` has it */
  seeNew(settlesMs: number): boolean {
    const now = this.#clock.now();
    this.#newSince ??= now;
    this.sawNew = true;
    return now - this.#newSince >= settlesMs;
  }

  /** It did not answer as the new firmware. */
  missNew(): void {
    this.#newSince = null;
  }

  /** It did not answer at all. @param askedAt by the monotonic clock */
  missAny(askedAt: number): void {
    this.#awaySince ??= askedAt;
  }

  /** It answers. Where nothing else shows a restart, one answer that was lost is none. */
  hearAgain(): void {
    const since = this.#awaySince;
    this.#awaySince = null;
    if (since !== null && this.#clock.now() - since >= AWAY_AFTER_MS) this.wasAway = true;
  }
}
