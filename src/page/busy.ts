import type { Busy } from '../model/page/page-ports.ts';

/** What the page does while it updates something: keeps the screen on, and warns before it is left. */
export class PageBusy implements Busy {
  readonly #keepOnByHand: (needed: boolean) => void;
  #busy = false;
  #lock: WakeLockSentinel | null = null;

  /**
   * `keepOnByHand` is told `true` where the browser has no wake lock or refuses it: then the person has to keep the
   * screen on, until it is told `false`.
   */
  constructor(keepOnByHand: (needed: boolean) => void) {
    this.#keepOnByHand = keepOnByHand;
  }

  set(busy: boolean): void {
    if (busy === this.#busy) return;
    this.#busy = busy;
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
      if (this.#busy) this.#lock = lock;
      else await lock.release();
    } catch {
      // Low battery, a policy, or none at all: the update runs on, the person keeps the screen on.
      if (this.#busy) this.#keepOnByHand(true);
    }
  }
}

function warn(event: BeforeUnloadEvent): void {
  event.preventDefault();
}
