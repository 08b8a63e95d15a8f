import { atom } from 'nanostores';

/** Keeps whether single-key shortcuts are on. Never throws. */
export interface KeysKept {
  readonly areOff: () => boolean;
  readonly turn: (on: boolean) => void;
}

/** Whether single-key shortcuts are on. People who dictate, or touch keys by accident, turn them off (WCAG 2.1.4). */
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
