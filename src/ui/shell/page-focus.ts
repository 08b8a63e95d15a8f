/** Where focus goes in the page as a whole: past its header, with a change of place, and to a device that was added. */
import { LitElement, type ReactiveController } from 'lit';
import { SavedDeviceEvent } from '../kit/events.ts';
import { focused, focusOn, headingIn, keepFocus } from '../kit/keep-focus.ts';

export class PageFocus implements ReactiveController {
  readonly #host: LitElement;
  #end: (() => void) | null = null;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#end = keepFocus(this.#host);
    this.#host.addEventListener(SavedDeviceEvent.type, this.#added);
  }

  hostDisconnected(): void {
    this.#end?.();
    this.#host.removeEventListener(SavedDeviceEvent.type, this.#added);
  }

  /** Past the header. */
  skip(): void {
    this.#main?.focus();
  }

  /** At a place that has just been drawn: to its heading, which a view that is loaded late draws late. */
  async arrive(): Promise<void> {
    const main = this.#main;
    const view = main?.lastElementChild;
    // A dialog that a link opened is above it.
    if (!main || !view || focused()?.closest('dialog')) return;
    focusOn(main, false);
    const heading = await titleOf(view);
    // Whoever went on meanwhile is left where they are.
    if (heading !== null && focused() === main) focusOn(heading);
  }

  readonly #added = (event: Event): void => {
    if (event instanceof SavedDeviceEvent) void this.#goTo(event.deviceId);
  };

  async #goTo(deviceId: string): Promise<void> {
    const view = this.#main?.lastElementChild;
    await settled(view);
    // The dialog is closed and the view is drawn: from here on only a person moves it.
    const from = focused();
    const list = view?.shadowRoot?.querySelector('device-list');
    await settled(list);
    const its = `[data-device="${CSS.escape(deviceId)}"]`;
    const found = (list ?? view)?.shadowRoot?.querySelector<HTMLElement>(its);
    await settled(found);
    // The first card is loaded now. Whoever went on meanwhile is left where they are.
    if (focused() !== from) return;
    // Among many it may not be drawn yet, or not be shown: then focus stays with what opened the dialog.
    if (list && found) found.focus();
    const heading = !list && found ? headingIn(found) : null;
    if (heading !== null) focusOn(heading);
  }

  get #main(): HTMLElement | null {
    return this.#host.renderRoot.querySelector('main');
  }
}

/** Null where the view is gone before it has a title. */
async function titleOf(view: Element): Promise<HTMLElement | null> {
  await settled(view);
  const found = headingIn(view, 'h1');
  if (found !== null || view.shadowRoot === null) return found;
  const { shadowRoot } = view;
  return new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      const title = headingIn(view, 'h1');
      if (title === null && view.isConnected) return;
      observer.disconnect();
      resolve(title);
    });
    observer.observe(shadowRoot, { childList: true, subtree: true });
  });
}

/** Once it is drawn; one that is loaded late is waited for. */
async function settled(element: Element | null | undefined): Promise<void> {
  if (element?.localName.includes('-') === true) await customElements.whenDefined(element.localName);
  if (element instanceof LitElement) await element.updateComplete;
}
