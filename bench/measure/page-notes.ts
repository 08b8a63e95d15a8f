/** What a page notes of its own requests, on its own clock. */
import type { BrowserContext, Page } from 'playwright-core';

interface Call {
  readonly path: string;
  /** Bytes of the body, 0 for text. */
  readonly bytes: number;
  /** On the page's own clock, in milliseconds: `fetch` called, and settled. */
  readonly from: number;
  readonly to: number;
}

declare global {
  interface Window {
    benchCalls: Call[];
  }
}

export class PageNotes {
  readonly #calls: readonly Call[];

  private constructor(calls: readonly Call[]) {
    this.#calls = calls;
  }

  /** To be called before the page is opened. */
  static async prepare(profile: BrowserContext): Promise<void> {
    await profile.addInitScript(() => {
      const calls: Call[] = [];
      window.benchCalls = calls;
      const plain = window.fetch.bind(window);
      window.fetch = async (input, init) => {
        const from = performance.now();
        try {
          return await plain(input, init);
        } finally {
          const { pathname } = new URL(input instanceof Request ? input.url : input, location.href);
          const bytes = init?.body instanceof Uint8Array ? init.body.length : 0;
          calls.push({ path: pathname, bytes, from, to: performance.now() });
        }
      };
    });
  }

  static async read(page: Page): Promise<PageNotes> {
    return new PageNotes(await page.evaluate(() => window.benchCalls));
  }

  /**
   * Milliseconds of each update: from the call of begin's `fetch` to when the first finalize was answered or dropped. A
   * device as documented is asked once more after its restart, for want of another question.
   */
  get updatesMs(): readonly number[] {
    const updates: number[] = [];
    let begunAt: number | null = null;
    for (const { path, from, to } of this.#calls) {
      if (path.endsWith('/begin')) {
        if (begunAt !== null) throw new Error('an update was begun twice');
        begunAt = from;
      } else if (path.endsWith('/finalize') && begunAt !== null) {
        updates.push(to - begunAt);
        begunAt = null;
      }
    }
    return updates;
  }

  /** Milliseconds from the `fetch` of each chunk of `bytes` to the next request. */
  chunkCyclesMs(bytes: number): readonly number[] {
    return this.#calls.flatMap((call, index) => {
      const next = this.#calls[index + 1];
      return call.bytes === bytes && next !== undefined ? [next.from - call.from] : [];
    });
  }
}
