import type { Attention, Badge } from '../model/page/attention.ts';

/** Milliseconds that a phone's motor runs, and rests between two pulses. */
const PULSE_MS = 120;
const PAUSE_MS = 90;

/** Not there outside of a secure context, nor in every browser, whatever the types say. */
type MaybeAble = Partial<Pick<Navigator, 'setAppBadge' | 'clearAppBadge' | 'vibrate' | 'userActivation'>>;

/** The tab's title, the installed app's icon and the phone's motor. */
export class PageAttention implements Attention {
  /** What the page itself called the tab last. */
  #own = '';
  #shown: string | null = null;

  showTitle(text: string | null): void {
    if (text === this.#shown && (text === null || document.title === text)) return;
    // Another place was opened meanwhile, and has named the tab after itself.
    if (document.title !== this.#shown) this.#own = document.title;
    this.#shown = text;
    document.title = text ?? this.#own;
  }

  showBadge(badge: Badge): void {
    const able = navigator as MaybeAble;
    // The app may not be installed, or the system may have no badges: the page itself tells the end all the same.
    const refused = (): void => undefined;
    if (badge === 'none') able.clearAppBadge?.().catch(refused);
    else able.setAppBadge?.(badge === 'dot' ? undefined : badge).catch(refused);
  }

  vibrate(isWell: boolean): void {
    const able = navigator as MaybeAble;
    // Chromium refuses it before the first tap, and says so in the console.
    if (able.userActivation?.hasBeenActive !== true) return;
    able.vibrate?.(isWell ? PULSE_MS : [PULSE_MS, PAUSE_MS, PULSE_MS]);
  }

  isLookedAt(): boolean {
    return document.visibilityState === 'visible' && document.hasFocus();
  }

  onNextSign(seen: () => void): () => void {
    const stop = new AbortController();
    const { signal } = stop;
    const met = (): void => {
      stop.abort();
      seen();
    };
    for (const sign of ['pointerdown', 'keydown']) window.addEventListener(sign, met, { signal, capture: true });
    document.addEventListener(
      'visibilitychange',
      () => {
        if (document.visibilityState === 'visible') met();
      },
      { signal },
    );
    return () => stop.abort();
  }
}
