import { atom } from 'nanostores';

/** Where it is kept whether single keys are on. None of it throws. */
export interface KeysKept {
  readonly areOff: () => boolean;
  readonly turn: (on: boolean) => void;
}

/**
 * Whether keys that write a character do something. Who dictates, or brushes keys, turns them off (WCAG 2.1.4).
 */
export class KeysState {
  readonly $on;
  readonly #kept: KeysKept;

  constructor(kept: KeysKept) {
    this.#kept = kept;
    this.$on = atom(!kept.areOff());
  }

  turn(on: boolean): void {
    this.#kept.turn(on);
    this.$on.set(on);
  }
}
