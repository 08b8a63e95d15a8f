import type { NoticesState } from './notices.ts';

export interface NewVersionParts {
  readonly notices: NoticesState;
  /** Whether another tab of this page updates a device. */
  readonly busyElsewhere: () => Promise<boolean>;
  readonly reload: () => void;
}

/**
 * Hands the page over to a new version of itself: waits, says so, and reloads when the person says so, but never while
 * a device is being updated.
 */
export class NewVersionState {
  readonly #parts: NewVersionParts;
  #takeOver: (() => Promise<void>) | null = null;
  #busy = false;

  constructor(parts: NewVersionParts) {
    this.#parts = parts;
  }

  /** A new version is here; `takeOver` activates it, and resolves when it controls this page. */
  offer(takeOver: () => Promise<void>): void {
    this.#takeOver = takeOver;
    this.#say();
  }

  /** To be called whenever updates of this tab begin or end. */
  set(busy: boolean): void {
    if (busy === this.#busy) return;
    this.#busy = busy;
    if (this.#takeOver === null) return;
    // A notice that was dismissed comes back once the reload is possible, but not while it is impossible.
    const { $notices } = this.#parts.notices;
    if (!busy || $notices.get().some(({ kind }) => kind === 'new-version')) this.#say();
  }

  /** The person pressed "Reload". */
  async reload(): Promise<void> {
    const takeOver = this.#takeOver;
    if (takeOver === null || this.#busy) return;
    // Under the new version the other tab would miss the code that it has not loaded yet.
    if (await this.#parts.busyElsewhere()) {
      this.#say('other-tab');
      return;
    }
    await takeOver();
    // An update may have begun meanwhile; it goes on, and the next press reloads.
    if (this.#isBusy()) this.#say();
    else this.#parts.reload();
  }

  /** Asked anew after an await; TypeScript believes the answer it saw first. */
  #isBusy(): boolean {
    return this.#busy;
  }

  #say(held: 'this-tab' | 'other-tab' | null = this.#busy ? 'this-tab' : null): void {
    this.#parts.notices.show({ kind: 'new-version', held }, () => void this.reload());
  }
}
