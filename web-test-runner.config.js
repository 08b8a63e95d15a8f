// Unit and component tests in a real Chromium, with the same transform as the build: Vite serves, the runner drives.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { playwrightLauncher } from '@web/test-runner-playwright';
import { createServer } from 'vite';
import { browserReporter } from './tools/browser-reporter.ts';
import { chromiumLaunchOptions } from './tools/chromium.ts';

const vite = await createServer({
  appType: 'custom',
  configFile: false,
  cacheDir: 'node_modules/.vite-test',
  logLevel: 'warn',
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  // Everything that the tests import is bundled before the first one runs: a late find would reload a page in mid-test.
  optimizeDeps: { entries: ['test/**/*.test.ts', '!test/**/*.node.test.ts'] },
});

/** MSW's worker exists at the root of the test server only; it is no part of what ships. */
const MSW_WORKER = '/mockServiceWorker.js';
const mswWorker = await readFile(fileURLToPath(import.meta.resolve('msw/mockServiceWorker.js')), 'utf8');

async function serve(context, next) {
  const { path } = context;
  if (path === MSW_WORKER) {
    context.type = 'text/javascript';
    context.body = mswWorker;
    return;
  }
  const runnersOwn = path === '/' || path.startsWith('/__web-') || path.startsWith('/node_modules/@web/');
  if (runnersOwn) return next();
  // Vite answers by itself; where it has nothing, it calls back and the runner says 404.
  await new Promise((resolve, reject) => {
    context.res.statusCode = 200;
    context.res.once('close', resolve);
    context.respond = false;
    vite.middlewares(context.req, context.res, (error) => {
      context.respond = true;
      context.res.off('close', resolve);
      if (error) reject(error);
      else next().then(resolve, reject);
    });
  });
}

export default {
  rootDir: import.meta.dirname,
  files: ['test/**/*.browser.test.ts', 'test/pure.ts'],
  concurrency: 2,
  // These end what hangs, and judge no speed: a machine may be old, or busy with something else. Two minutes for a page to
  // open and load its tests, ten for one test as in Node, half an hour for all tests of a file.
  browserStartTimeout: 120_000,
  testsStartTimeout: 120_000,
  testsFinishTimeout: 1_800_000,
  testFramework: { config: { ui: 'bdd', timeout: '600000' } },
  browsers: [playwrightLauncher({ product: 'chromium', launchOptions: await chromiumLaunchOptions() })],
  middleware: [serve],
  // Lit says at every start that it is not the production build; the tests want the one that warns.
  filterBrowserLogs: ({ args }) => !String(args[0]).startsWith('Lit is in dev mode'),
  reporters: [browserReporter()],
  plugins: [{ name: 'vite', serverStop: () => vite.close() }],
};
