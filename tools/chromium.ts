/**
 * A Chromium for the tests: the one that is installed, else the one that came with `npm ci`.
 *
 * `CHROME=/path/to/chrome` names one; `MOULT_BROWSER=bundled` takes the one from npm even where another is installed.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { LaunchOptions } from 'playwright-core';

const run = promisify(execFile);

/** Where a Chrome or Chromium is found when it was installed the usual way. */
const USUAL_PLACES: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome-stable',
    '/usr/bin/google-chrome',
    '/opt/google/chrome/chrome',
    '/snap/bin/chromium',
  ],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((name) => {
    const folder = process.env[name];
    return folder === undefined ? [] : [join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe')];
  }),
};

/** Quiet and the same everywhere; nothing here loosens what pages may do. */
const ARGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Milliseconds that end the start of a browser that hangs; it takes one second, and ten where the machine is busy. */
const START_MS = 120_000;

/** What Playwright needs to start the browser. */
export async function chromiumLaunchOptions(): Promise<LaunchOptions & { readonly executablePath: string }> {
  // No sandbox: the tests run as root in containers too, and open nothing but this project's own pages.
  const options = { args: ARGS, chromiumSandbox: false, headless: true, timeout: START_MS };
  const installed = installedChromium();
  return installed === undefined
    ? { ...options, ...(await bundledChromium()) }
    : { ...options, executablePath: installed };
}

function installedChromium(): string | undefined {
  if (process.env['MOULT_BROWSER'] === 'bundled') return undefined;
  const named = process.env['CHROME'];
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new Error(`CHROME names "${named}", and there is no such file.`);
    return named;
  }
  return USUAL_PLACES[process.platform]?.find((path) => existsSync(path));
}

/** The package's own list of font folders names places on AWS; without a font, text has no height. */
const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;

interface Bundled {
  readonly executablePath: string;
  readonly env: Record<string, string>;
}

/** Unpacks the headless Chromium of the npm package @sparticuz/chromium, once, into node_modules/.cache. */
async function bundledChromium(): Promise<Bundled> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('No Chrome or Chromium was found. Install one, or set CHROME to the path of its program.');
  }
  const packageMain = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const packageRoot = join(dirname(packageMain), '..', '..');
  const { version } = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')) as { version: string };
  const cache = fileURLToPath(new URL('../node_modules/.cache', import.meta.url));
  const folder = join(cache, `chromium-${version}`);

  if (!existsSync(folder)) {
    await mkdir(cache, { recursive: true });
    const unpacking = await mkdtemp(join(cache, 'unpacking-'));
    // The package unpacks into the temporary directory, and its shared libraries only where it believes that it is on
    // AWS. A process of its own gets to see both; nothing else of the package is used (its flags switch web security
    // off).
    const script = `import('@sparticuz/chromium').then((m) => m.default.executablePath())`;
    await run(process.execPath, ['--input-type=module', '-e', script], {
      cwd: packageRoot,
      env: { ...process.env, TMPDIR: unpacking, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' },
    });
    await writeFile(join(unpacking, 'fonts', 'fonts.conf'), FONTS);
    try {
      await rename(unpacking, folder);
    } catch (error) {
      // Another run was faster; its copy is as good.
      await rm(unpacking, { recursive: true, force: true });
      if (!existsSync(folder)) throw error;
    }
  }

  const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    executablePath: join(folder, 'chromium'),
    env: {
      ...Object.fromEntries(inherited),
      LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
      FONTCONFIG_PATH: join(folder, 'fonts'),
    },
  };
}
