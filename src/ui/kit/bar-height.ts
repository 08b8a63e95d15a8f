import type { ReactiveController } from 'lit';

/** How high a bar is that sticks at the bottom of the page, as the page's own styles know it. */
type Bar = '--foot' | '--end';

/**
 * Tells the page how high a bar is, for as long as its element is there: what gets focus is scrolled clear of it
 * (`style/tokens.ts`). What has focus when the bar grows over it is scrolled, too.
 */
export class BarHeight implements ReactiveController {
  readonly #name: Bar;
  readonly #find: () => HTMLElement | null;
  #bar: HTMLElement | null = null;
  readonly #observer = new ResizeObserver(() => this.#tell());

  constructor(name: Bar, find: () => HTMLElement | null) {
    this.#name = name;
    this.#find = find;
  }

  hostUpdated(): void {
    const bar = this.#find();
    if (bar === this.#bar) return;
    this.#observer.disconnect();
    this.#bar = bar;
    if (bar !== null) this.#observer.observe(bar);
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
    this.#bar = null;
    document.documentElement.style.removeProperty(this.#name);
  }

  #tell(): void {
    if (this.#bar === null) return;
    document.documentElement.style.setProperty(this.#name, `${this.#bar.offsetHeight}px`);
    const focused = focusedOutside(this.#bar);
    if (focused !== document.body) focused?.scrollIntoView({ block: 'nearest' });
  }
}

/** What has focus; null where that is in the bar, which is in sight anyway. */
function focusedOutside(bar: HTMLElement): Element | null {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement && !bar.contains(focused)) focused = focused.shadowRoot.activeElement;
  return bar.contains(focused) ? null : focused;
}
