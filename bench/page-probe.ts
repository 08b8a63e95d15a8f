/** Watches the page from within while it works: its requests and its memory. */
import type { BrowserContext, CDPSession, Page } from 'playwright-core';

interface Call {
  readonly path: string;
  /** Bytes of the body, 0 for text. */
  readonly bytes: number;
  /** On the page's own clock, in milliseconds: `fetch` called, and settled. */
  readonly from: number;
  readonly to: number;
}

interface Notes {
  readonly calls: Call[];
}

declare global {
  interface Window {
    benchNotes: Notes;
  }
}

/** Often enough to see a copy of the file that lives for a moment, seldom enough to be no load. */
const SAMPLE_MS = 50;

export class PageProbe {
  readonly #page: Page;
  readonly #session: CDPSession;
  readonly #baseline: number;
  #peak: number;
  #sampling: Promise<void> = Promise.resolve();
  #stopped = false;

  private constructor(page: Page, session: CDPSession, baseline: number) {
    this.#page = page;
    this.#session = session;
    this.#baseline = baseline;
    this.#peak = baseline;
  }

  /** To be called before the page is opened. */
  static async prepare(context: BrowserContext): Promise<void> {
    await context.addInitScript(() => {
      const notes: Notes = { calls: [] };
      window.benchNotes = notes;
      const plain = window.fetch.bind(window);
      window.fetch = async (input, init) => {
        const from = performance.now();
        try {
          return await plain(input, init);
        } finally {
          const { pathname } = new URL(input instanceof Request ? input.url : input, location.href);
          const bytes = init?.body instanceof Uint8Array ? init.body.length : 0;
          notes.calls.push({ path: pathname, bytes, from, to: performance.now() });
        }
      };
    });
  }

  /** From here on everything counts; what the page holds now is its own. */
  static async start(page: Page): Promise<PageProbe> {
    const session = await page.context().newCDPSession(page);
    await session.send('HeapProfiler.collectGarbage');
    const probe = new PageProbe(page, session, await heapBytes(session));
    probe.#sampling = probe.#sample();
    return probe;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#sampling;
  }

  /** Garbage included: the most that any sample saw. */
  heapBytes(): { readonly baseline: number; readonly peak: number } {
    return { baseline: this.#baseline, peak: this.#peak };
  }

  /** From the call of begin's `fetch` to the moment when finalize's was answered or dropped. */
  async updateMs(): Promise<number> {
    const { calls } = await this.#notes();
    const begin = calls.find(({ path }) => path.endsWith('/begin'));
    const finalize = calls.findLast(({ path }) => path.endsWith('/finalize'));
    if (begin === undefined || finalize === undefined) throw new Error('there was no update');
    return finalize.to - begin.from;
  }

  /** From the `fetch` of each chunk of `bytes` to the next request. */
  async chunkCyclesMs(bytes: number): Promise<readonly number[]> {
    const { calls } = await this.#notes();
    return calls.flatMap((call, index) => {
      const next = calls[index + 1];
      return call.bytes === bytes && next !== undefined ? [next.from - call.from] : [];
    });
  }

  #notes(): Promise<Notes> {
    return this.#page.evaluate(() => window.benchNotes);
  }

  async #sample(): Promise<void> {
    while (!this.#stopped) {
      this.#peak = Math.max(this.#peak, await heapBytes(this.#session));
      await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
    }
  }
}

/** What the page's objects take, its elements, and its buffers outside of the JavaScript heap: the file is one. */
async function heapBytes(session: CDPSession): Promise<number> {
  const { usedSize, embedderHeapUsedSize, backingStorageSize } = await session.send('Runtime.getHeapUsage');
  return usedSize + embedderHeapUsedSize + backingStorageSize;
}
