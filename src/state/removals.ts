import type { Clock } from '../model/clock.ts';
import type { Removed } from '../model/page/notice.ts';
import type { NoticesState } from './notices.ts';

/** Something that is off the screen, and kept until its removal is finished. Where the page closes before, it is there again. */
export interface Hidden {
  /** Shows it as it was. */
  restore(): Promise<void>;
  /** Removes it, unless it has come back by another way meanwhile. */
  finish(): Promise<void>;
}

/** Long enough to read one line and reach its button, by keyboard, too; short enough that nobody waits for a token to be gone. */
export const UNDO_MS = 10_000;

/** Why a removal's timer was stopped; else the next removal came. */
const UNDONE = new DOMException('The removal was undone.', 'AbortError');

/**
 * Removing can be undone for some seconds. Nothing is copied for that: what was removed stays where it is kept, tokens
 * sealed as they are, and goes when the time is up. One removal at a time: the next one makes the one before it final.
 */
export class RemovalsState {
  readonly #notices: NoticesState;
  readonly #clock: Pick<Clock, 'sleep'>;
  #timer: AbortController | null = null;

  constructor(notices: NoticesState, clock: Pick<Clock, 'sleep'>) {
    this.#notices = notices;
    this.#clock = clock;
  }

  /** Offers to undo what was hidden. Resolves when it is undone or gone. */
  async offerUndo(removed: Removed, hidden: Hidden): Promise<void> {
    this.#timer?.abort();
    const timer = new AbortController();
    this.#timer = timer;
    this.#notices.show({ kind: 'removed', ...removed }, () => timer.abort(UNDONE));
    await this.#clock.sleep(UNDO_MS, timer.signal).catch((error: unknown) => {
      // Undone, or the next removal came.
      if (!timer.signal.aborted) throw error;
    });
    if (this.#timer === timer) {
      this.#timer = null;
      this.#notices.dismiss('removed');
    }
    await (timer.signal.reason === UNDONE ? hidden.restore() : hidden.finish());
  }
}
