/** Looks at the memory of a page every so often, and at nothing else of it. */
import { connect, type Browser, type CDPSession } from 'puppeteer-core';

/** All in bytes. */
export interface HeapUse {
  /** What the page's objects take, garbage included. */
  readonly objects: number;
  /** Its elements. */
  readonly elements: number;
  /** Its buffers outside of the JavaScript heap: the file is one. */
  readonly buffers: number;
}

export class HeapWatch {
  readonly #browser: Browser;
  readonly #session: CDPSession;
  readonly #onUse: (use: HeapUse) => void;
  #stopped = false;
  #watching: Promise<void> = Promise.resolve();

  private constructor(browser: Browser, session: CDPSession, onUse: (use: HeapUse) => void) {
    this.#browser = browser;
    this.#session = session;
    this.#onUse = onUse;
  }

  /**
   * @param endpoint where the browser's debugger is connected
   * @param everyMs between two looks
   * @param collect whether garbage is collected before each look
   */
  static async start(
    endpoint: string,
    pageUrl: string,
    everyMs: number,
    collect: boolean,
    onUse: (use: HeapUse) => void,
  ): Promise<HeapWatch> {
    const browser = await connect({ browserWSEndpoint: endpoint, defaultViewport: null });
    const target = await browser.waitForTarget((each) => each.url().startsWith(pageUrl) && !each.url().endsWith('.js'));
    // A session of its own: no domain but the two that are asked here is ever on in it.
    const session = await target.createCDPSession();
    await session.send('HeapProfiler.collectGarbage');
    const watch = new HeapWatch(browser, session, onUse);
    await watch.#look(true);
    watch.#watching = watch.#watch(everyMs, collect);
    return watch;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#watching;
    await this.#browser.disconnect();
  }

  async #watch(everyMs: number, collect: boolean): Promise<void> {
    while (!this.#stopped) {
      await this.#look(collect);
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }

  async #look(collect: boolean): Promise<void> {
    if (collect) await this.#session.send('HeapProfiler.collectGarbage');
    const { usedSize, embedderHeapUsedSize, backingStorageSize } = await this.#session.send('Runtime.getHeapUsage');
    this.#onUse({ objects: usedSize, elements: embedderHeapUsedSize, buffers: backingStorageSize });
  }
}
