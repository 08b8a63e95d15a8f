import type { LitElement, ReactiveController } from 'lit';

/** Subscribes its element to what is loaded only once there is an element to draw it. */
export class WatchLate<T> implements ReactiveController {
  /** Null until it is loaded, and where there is none. */
  value: T | null = null;
  readonly #host: LitElement;
  readonly #load: () => Promise<T | null>;
  readonly #subscribe: (loaded: T) => readonly (() => void)[];
  #isAsked = false;
  #stops: readonly (() => void)[] = [];

  /** @param subscribe answers with what ends each subscription */
  constructor(host: LitElement, load: () => Promise<T | null>, subscribe: (loaded: T) => readonly (() => void)[]) {
    this.#host = host;
    this.#load = load;
    this.#subscribe = subscribe;
    host.addController(this);
  }

  hostConnected(): void {
    this.#host.requestUpdate();
  }

  /** Not at connecting: an element that is defined late gets its properties back only with its first update. */
  hostUpdated(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    void this.#begin();
  }

  hostDisconnected(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.#isAsked = false;
  }

  async #begin(): Promise<void> {
    const loaded = await this.#load();
    // It may have gone meanwhile, or have come back and be subscribed.
    if (loaded === null || !this.#host.isConnected || this.#stops.length > 0) return;
    this.value = loaded;
    this.#stops = this.#subscribe(loaded);
    this.#host.requestUpdate();
  }
}
