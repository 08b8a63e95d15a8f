import type { Clock } from '../model/clock.ts';
import type { Busy } from '../model/page/page-ports.ts';

/**
 * Milliseconds until a person is told to keep the screen on. Most files are with the host by then, which needs no screen;
 * no screen goes off as soon.
 */
export const BY_HAND_AFTER_MS = 5_000;

/** What the page does while it updates something: keeps the screen on, and warns before it is left. */
export class PageBusy implements Busy {
  readonly #keepOnByHand: (needed: boolean) => void;
  readonly #clock: Pick<Clock, 'sleep'>;
  /** Ends with what it is busy with; null: it is not. */
  #busy: AbortController | null = null;
  #lock: WakeLockSentinel | null = null;

  /**
   * `keepOnByHand` is told `true` where the browser has no wake lock or refuses it: then the person has to keep the
   * screen on, until it is told `false`.
   */
  constructor(keepOnByHand: (needed: boolean) => void, clock: Pick<Clock, 'sleep'>) {
    this.#keepOnByHand = keepOnByHand;
    this.#clock = clock;
  }

  set(busy: boolean): void {
    if (busy === (this.#busy !== null)) return;
    this.#busy?.abort();
    this.#busy = busy ? new AbortController() : null;
    if (busy) {
      window.addEventListener('beforeunload', warn);
      document.addEventListener('visibilitychange', this.#keepOn);
      this.#keepOn();
    } else {
      window.removeEventListener('beforeunload', warn);
      document.removeEventListener('visibilitychange', this.#keepOn);
      void this.#lock?.release();
      this.#lock = null;
      this.#keepOnByHand(false);
    }
  }

  /** The browser lets go of the lock when the page is hidden, so it is taken again when it is seen. */
  readonly #keepOn = (): void => {
    if (document.visibilityState === 'visible') void this.#take();
  };

  async #take(): Promise<void> {
    // Not there outside of a secure context, whatever the types say.
    const { wakeLock } = navigator as { readonly wakeLock?: WakeLock };
    try {
      if (wakeLock === undefined) throw new DOMException('This browser has no wake lock.', 'NotSupportedError');
      const lock = await wakeLock.request('screen');
      if (this.#busy !== null) this.#lock = lock;
      else await lock.release();
    } catch {
      // Low battery, a policy, or none at all: the update runs on, the person keeps the screen on.
      await this.#askPerson();
    }
  }

  async #askPerson(): Promise<void> {
    const busy = this.#busy;
    if (busy === null) return;
    try {
      await this.#clock.sleep(BY_HAND_AFTER_MS, busy.signal);
      this.#keepOnByHand(true);
    } catch (error) {
      if (!busy.signal.aborted) throw error;
    }
  }
}

function warn(event: BeforeUnloadEvent): void {
  event.preventDefault();
}
