import type { UpdateState } from '../../../src/model/update/update-state.ts';

/** A page that may be closed in the middle: from then on it receives nothing and sends nothing. */
export class ClosablePage {
  readonly #closing = new AbortController();

  /** Cuts what is in flight when the page is closed. */
  get signal(): AbortSignal {
    return this.#closing.signal;
  }

  isGone(): boolean {
    return this.#closing.signal.aborted;
  }

  close(): void {
    this.#closing.abort();
  }

  /** What comes of the work; null where the page is closed before. */
  whileOpen<T>(work: Promise<T>): Promise<T | null> {
    const gone = new Promise<null>((resolve) => {
      this.signal.addEventListener('abort', () => resolve(null), { once: true });
    });
    return Promise.race([work, gone]);
  }
}

/** The phases of these states, each once in a row. */
export function phasesOf(states: readonly UpdateState[]): readonly string[] {
  return states.map(({ phase }) => phase).filter((phase, at, all) => phase !== all[at - 1]);
}
