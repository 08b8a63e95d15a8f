/** How long a file takes to be hashed, in each way that a page has, and how long its tasks are meanwhile. */
import { chromium, type Browser, type Page } from 'playwright-core';
import { createServer } from 'vite';
import type * as digests from '../src/firmware/bytes/digest.ts';
import type * as pageHashes from '../src/page/hash.ts';
import { longestTaskMs } from '../test/journey/long-tasks.ts';
import { chromiumLaunchOptions } from '../tools/chromium.ts';
import { rounded, type Bench, type Measured, type Row } from './measure/found.ts';

const MB = 1024 * 1024;
const SIZE = 16 * MB;
/** Whatever else runs on the machine can only add time: the best of several runs is what the work needs. */
const TIMES = 9;
/**
 * SubtleCrypto is there because it is much faster. It has to stay so in a worker too, with the copy that this takes.
 */
const WORKER_SHARE = 0.25;
const LONG_TASK_MS = 50;

const PATHS = { digest: '/src/firmware/bytes/digest.ts', pageHash: '/src/page/hash.ts' };
const WAYS = ['worker', 'window', 'slices'] as const;
type Way = (typeof WAYS)[number];

const NAMES: Readonly<Record<Way, string>> = {
  worker: 'SubtleCrypto in a worker',
  window: 'SubtleCrypto in the window, where no worker starts',
  slices: 'in slices, where the page has no SubtleCrypto',
};

export const hashing: Bench = {
  name: 'hashing',
  async run(): Promise<Measured> {
    // The page's own code as it is written: the built page offers no way to it alone.
    const server = await createServer({
      appType: 'custom',
      configFile: false,
      cacheDir: 'node_modules/.vite-bench',
      logLevel: 'error',
      server: { host: '127.0.0.1', port: 0, hmr: false, ws: false, watch: null },
      optimizeDeps: { entries: ['src/firmware/bytes/digest-in-slices.ts'] },
    });
    await server.listen();
    const browser = await chromium.launch(await chromiumLaunchOptions());
    try {
      const page = await browser.newPage();
      const [url] = server.resolvedUrls?.local ?? [];
      if (url === undefined) throw new Error('the server has no address');
      // The server has modules, and no page of its own: an empty one of this origin will do.
      await page.route(url, (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }));
      await page.goto(url);
      return { with: `Chromium ${browser.version()}`, rows: await measure(browser, page) };
    } finally {
      await browser.close();
      await server.close();
    }
  },
};

async function measure(browser: Browser, page: Page): Promise<readonly Row[]> {
  const best = new Map<Way, number>();
  const rows: Row[] = [];
  for (const way of WAYS) {
    const times = await hashMs(page, way, TIMES);
    const longest = await longestTaskMs(browser, page, () => hashMs(page, way, 1));
    best.set(way, Math.min(...times));
    rows.push(
      { what: `16 MB, ${NAMES[way]}: the first time`, value: rounded(times[0] ?? NaN, 0), unit: 'ms' },
      { what: `16 MB, ${NAMES[way]}: best of ${TIMES}`, value: rounded(Math.min(...times), 0), unit: 'ms' },
      {
        what: `16 MB, ${NAMES[way]}: longest task of the main thread`,
        value: rounded(longest, 0),
        unit: 'ms',
        // No mark for the window, where the page hashes only if no worker starts: how long its tasks are is up to
        // Chromium.
        ...(way === 'window' ? {} : { mark: LONG_TASK_MS }),
      },
    );
  }
  const share = (best.get('worker') ?? NaN) / (best.get('slices') ?? NaN);
  return [{ what: '16 MB: worker ÷ slices', value: rounded(share, 2), unit: '', mark: WORKER_SHARE }, ...rows];
}

/** Milliseconds of each hash, on the page's own clock. */
async function hashMs(page: Page, way: Way, times: number): Promise<readonly number[]> {
  return page.evaluate(
    async ({ chosen, size, runs, paths }) => {
      // Addresses of the development server's, where TypeScript must not look for files.
      const { digestOf } = (await import(paths.digest)) as typeof digests;
      const { pageHash } = (await import(paths.pageHash)) as typeof pageHashes;
      const options = { worker: pageHash, window: {}, slices: { subtle: null } }[chosen];
      const file = new Uint8Array(size);
      for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(file.subarray(at, at + 65_536));
      const took: number[] = [];
      for (let run = 0; run < runs; run += 1) {
        const begun = performance.now();
        await digestOf('SHA-256', file, options);
        took.push(performance.now() - begun);
      }
      return took;
    },
    { chosen: way, size: SIZE, runs: times, paths: PATHS },
  );
}
