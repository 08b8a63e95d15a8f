/** A host whose page can be replaced by a newer one, and which can be stopped and started again at the same address. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startHost, type Host } from '../../../src/host/serve/serve.ts';
import type { AppPage } from '../app-page.ts';
import { APP } from '../journey.ts';

export class OfflineHost {
  readonly #appDir: string;
  #host: Host | null = null;
  #port = 0;

  private constructor(appDir: string) {
    this.#appDir = appDir;
  }

  /** Serves a copy of `app`, a built page. */
  static async begin(app: string = APP): Promise<OfflineHost> {
    const served = new OfflineHost(await mkdtemp(join(tmpdir(), 'moult-offline-')));
    await served.serve(app);
    await served.start();
    return served;
  }

  get url(): string {
    return `http://localhost:${this.#port}`;
  }

  async start(): Promise<void> {
    this.#host = await startHost({
      appDir: this.#appDir,
      port: this.#port,
      simulate: { count: 0, port: 0 },
      lan: null,
      dataDir: null,
      logLevel: 'error',
      resolve: () => Promise.resolve([]),
      discover: () => Promise.resolve([]),
    });
    this.#port = Number(new URL(this.#host.url).port);
  }

  async stop(): Promise<void> {
    await this.#host?.stop();
    this.#host = null;
  }

  /** Puts another built page in the place of the one there is. */
  async serve(app: string): Promise<void> {
    await rm(this.#appDir, { recursive: true, force: true });
    await cp(app, this.#appDir, { recursive: true });
  }

  async end(): Promise<void> {
    await this.stop();
    await rm(this.#appDir, { recursive: true, force: true });
  }
}

/** For a `describe`: such a host for each of its tests. */
export function useOfflineHost(): () => OfflineHost {
  let host: OfflineHost | null = null;
  beforeEach(async () => {
    host = await OfflineHost.begin();
  });
  afterEach(() => host?.end());
  return () => {
    if (host === null) throw new Error('the host has not begun');
    return host;
  };
}

/** Builds the page as `version` into a folder of its own, and returns the folder. */
export async function buildVersion(version: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `moult-${version}-`));
  const vite = 'node_modules/vite/bin/vite.js';
  await promisify(execFile)(
    process.execPath,
    [vite, 'build', '--outDir', folder, '--emptyOutDir', '--logLevel', 'error'],
    { env: { ...process.env, VITE_VERSION: version } },
  );
  return folder;
}

/** Waits until the worker has kept this version whole, and answers for the page. */
export async function keptOffline({ page }: AppPage): Promise<void> {
  await page.waitForFunction(
    () => navigator.serviceWorker.controller !== null && navigator.serviceWorker.controller.state === 'activated',
  );
}
