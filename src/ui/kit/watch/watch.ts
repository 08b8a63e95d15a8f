import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { ReadableAtom } from 'nanostores';

/**
 * Draws its element again when a store changes. The store is picked with the element's first drawing, because which one
 * may depend on a property (a device's own update). `only` leaves changes out that the element does not draw.
 */
export class Watch<T> implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #pick: () => ReadableAtom<T>;
  readonly #only: (now: T, before: T) => boolean;
  #store: ReadableAtom<T> | null = null;
  #stop: (() => void) | null = null;

  constructor(
    host: ReactiveControllerHost,
    pick: () => ReadableAtom<T>,
    only: (now: T, before: T) => boolean = () => true,
  ) {
    this.#host = host;
    this.#pick = pick;
    this.#only = only;
    host.addController(this);
  }

  get value(): T {
    this.#store ??= this.#pick();
    return this.#store.get();
  }

  hostConnected(): void {
    // Draws what changed while the element was away, and subscribes again.
    this.#host.requestUpdate();
  }

  /** Not at connecting: an element that is defined late gets its properties back only with its first update. */
  hostUpdate(): void {
    if (this.#stop !== null) return;
    this.#store = this.#pick();
    let drawn = this.#store.get();
    this.#stop = this.#store.listen((now) => {
      if (!this.#only(now, drawn)) return;
      drawn = now;
      this.#host.requestUpdate();
    });
  }

  hostDisconnected(): void {
    this.#stop?.();
    this.#stop = null;
    this.#store = null;
  }
}
