/** What a command prints, with a memory of whether it was written: on a full disk nothing was said, and that is no success. */
import type { Writable } from 'node:stream';

export type Print = (text: string) => void;

export class Output {
  readonly #stream: Writable;
  readonly #written: Promise<void>[] = [];
  #failure: Error | null = null;

  constructor(stream: Writable) {
    this.#stream = stream;
    // Each write's own callback is told the same. Unheard, this would end the process.
    stream.on('error', () => undefined);
  }

  /** One line, or several. */
  readonly print: Print = (text) => {
    const written = new Promise<void>((resolve) => {
      this.#stream.write(`${text}\n`, (error) => {
        if (error) this.#failure ??= error;
        resolve();
      });
    });
    this.#written.push(written);
  };

  /** Waits for everything that was printed; null where all of it was written. */
  async failure(): Promise<Error | null> {
    await Promise.all(this.#written);
    return this.#failure;
  }
}

/** Whether whoever read the output has left, as `head` does: that is meant so. */
export function hasReaderLeft(error: Error): boolean {
  return 'code' in error && error.code === 'EPIPE';
}
