import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { ReadableAtom } from 'nanostores';

/** Listens to many stores at once, picked anew after each drawing, and calls back once a frame. */
export class WatchAll implements ReactiveController {
  readonly #pick: () => readonly ReadableAtom<unknown>[];
  readonly #then: () => void;
  #stops = new Map<ReadableAtom<unknown>, () => void>();
  #waiting = false;

  constructor(host: ReactiveControllerHost, pick: () => readonly ReadableAtom<unknown>[], then: () => void) {
    this.#pick = pick;
    this.#then = then;
    host.addController(this);
  }

  hostUpdated(): void {
    const before = this.#stops;
    const wanted = new Set(this.#pick());
    for (const [store, stop] of before) if (!wanted.has(store)) stop();
    this.#stops = new Map([...wanted].map((store) => [store, before.get(store) ?? store.listen(this.#changed)]));
  }

  hostDisconnected(): void {
    for (const stop of this.#stops.values()) stop();
    this.#stops = new Map();
  }

  readonly #changed = (): void => {
    if (this.#waiting) return;
    this.#waiting = true;
    requestAnimationFrame(() => {
      this.#waiting = false;
      if (this.#stops.size > 0) this.#then();
    });
  };
}
