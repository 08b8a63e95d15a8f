/**
 * A Chromium that nobody looks into while it works. A debugger that follows a page's requests, as every driver of
 * browsers does, costs each of them more than the page itself: a chunk of 64 KiB was measured at 11.5 ms with it and at
 * 4.6 ms without. So a driver prepares the page, lets go of it, and comes back when the work is done.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type BrowserContext, type Locator, type Page } from 'playwright-core';
import { chromiumLaunchOptions } from '../../tools/chromium.ts';

/** What Playwright itself starts Chromium with, so that a page nobody looks at works on as in sight. */
const IN_SIGHT = [
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
];

/** The driver has let go of the page by then. */
export const LET_GO_MS = 1_000;
/** Seldom enough to be no load. */
const LOOK_MS = 250;

export class UnwatchedBrowser {
  /** Where a debugger can be connected. */
  readonly endpoint: string;
  readonly version: string;
  readonly #process: ChildProcess;
  readonly #folder: string;

  private constructor(endpoint: string, version: string, process: ChildProcess, folder: string) {
    this.endpoint = endpoint;
    this.version = version;
    this.#process = process;
    this.#folder = folder;
  }

  /** Starts one with a profile of its own. */
  static async launch(): Promise<UnwatchedBrowser> {
    const { executablePath, args = [], env } = await chromiumLaunchOptions();
    const folder = await mkdtemp(join(tmpdir(), 'moult-bench-'));
    const flags = ['--headless', '--no-sandbox', '--remote-debugging-port=0', `--user-data-dir=${folder}`];
    const started = spawn(executablePath, [...args, ...IN_SIGHT, ...flags, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...env },
    });
    const endpoint = await toldEndpoint(started);
    const connected = await chromium.connectOverCDP(endpoint);
    const version = connected.version();
    await connected.close();
    return new UnwatchedBrowser(endpoint, version, started, folder);
  }

  /** Connects, hands over the profile, and lets go of it again. Pages stay as they are. */
  async drive<T>(work: (profile: BrowserContext) => Promise<T>): Promise<T> {
    const connected = await chromium.connectOverCDP(this.endpoint);
    try {
      const [profile] = connected.contexts();
      if (profile === undefined) throw new Error('the browser has no profile');
      return await work(profile);
    } finally {
      await connected.close();
    }
  }

  async end(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill();
    await ended;
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function toldEndpoint({ stderr }: ChildProcess): Promise<string> {
  if (stderr === null) throw new Error('nobody listens to the browser');
  for await (const line of createInterface(stderr)) {
    const [, endpoint] = /^DevTools listening on (ws:\S+)/.exec(line) ?? [];
    if (endpoint === undefined) continue;
    // What it says from now on is of no interest, but has to be taken, or it would stop and wait.
    stderr.resume();
    return endpoint;
  }
  throw new Error('the browser ended before it could be used');
}

/** The page at `url` among those of a profile. */
export function pageAt(profile: BrowserContext, url: string): Page {
  const page = profile.pages().find((each) => each.url().startsWith(url));
  if (page === undefined) throw new Error('the page is gone');
  return page;
}

/** Presses a button once the driver has let go of the page. */
export async function pressLater(button: Locator): Promise<void> {
  await button.evaluate((element, ms) => {
    setTimeout(() => {
      if (element instanceof HTMLElement) element.click();
    }, ms);
  }, LET_GO_MS);
}

/** Waits until something is so, for `patienceMs` at most. Looks at the devices, not at the page. */
export async function until(isSo: () => boolean, patienceMs: number): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!isSo()) {
    if (performance.now() > end) throw new Error('it did not end');
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
