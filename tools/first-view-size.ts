/**
 * Fails when the page that was built weighs more than its limits, packed as the host sends it: the scripts of the first
 * view, and all files that the service worker keeps. Runs after the build and precompress.ts. What the page for a device
 * may weigh is held while it is built (board-files.ts).
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const APP = 'dist/app';

/** kB as web tools count them (1,000 bytes): a phone on a weak network has this within a second or two. */
const FIRST_VIEW_LIMIT = 60_000;
/**
 * What works without a network is fetched at the first visit, on whatever network that is, and kept. Weighed in Brotli: browsers
 * have service workers on https and localhost alone, and take Brotli just there.
 *
 * Since it held the updates of ViperHTTP devices in 160 kB it has grown with what people need without a network, too:
 *
 * - 30 kB: lists of devices, whether a file fits, the bar of what runs, ends that are seen from afar, undo;
 * - 10 kB: devices that take an image whole;
 * - 4 kB: devices that ask for a login, and those that only a host can speak to: what is said of them, and how the host is
 * asked, but not their protocols;
 * - 7 kB: files of ESPHome, of Tasmota and for the ESP8266, and upload pages, of which a page speaks to an ESP8266's;
 * - 3 kB: how many of many ended without a proof, focus that lies under no bar, which devices "Update many" skips and
 * why, how far a file is on its way to the host;
 * - 500 bytes: where a key leads the focus, which end was said already, and what a device told before the host updated it;
 * - 500 bytes: devices that stay in their places while a file is read and the question above them is answered, and a drop over a
 * dialog;
 * - 0.7 kB: what a file with PrettyOTA says of itself, what such a device tells, and what is said of its half upload;
 * - 500 bytes: buttons that stay where they are through a loss, and all that were found saved with one tick;
 * - 300 bytes: notices of what has happened that do not look like warnings, and what to press again after a check,
 * and whose words a failure quotes.
 *
 * Devices simulated in the tab, the guide to prepare a board and what follows a host's updates are not in it: whoever
 * wants these has a network.
 */
const PRECACHE_LIMIT = 216_500;

/** The scripts that the page names, and everything that these import before they run. Paths are relative to APP. */
function firstViewScripts(): Set<string> {
  const html = readFileSync(join(APP, 'index.html'), 'utf8');
  const tags = [...html.matchAll(/<(?:script|link)\b[^>]*\b(?:src|href)="([^"]+\.js)"/g)];
  return withImports(tags.map(([, path = '']) => path.replace(/^\.?\//, '')));
}

function withImports(scripts: readonly string[]): Set<string> {
  const found = new Set<string>();
  const add = (path: string): void => {
    if (found.has(path)) return;
    found.add(path);
    const code = readFileSync(join(APP, path), 'utf8');
    // Static imports only: `import(…)` is what the first view does without.
    for (const [, target = ''] of code.matchAll(/(?:^|[;}\s])(?:import|export)\b[^;"'()]*["'](\.{1,2}\/[^"']+)["']/g)) {
      add(join(dirname(path), target));
    }
  };
  for (const path of scripts) add(path);
  return found;
}

/** The list of files that the build put into the service worker. */
function precachedFiles(): readonly string[] {
  const worker = readFileSync(join(APP, 'service-worker.js'), 'utf8');
  // An entry's two keys come in either order, quoted or not.
  return [...worker.matchAll(/\burl"?:\s*["'`]([^"'`]+\.(?:html|js|css|svg|png|webmanifest))["'`]/g)].map(
    ([, url = '']) => url,
  );
}

function weigh(what: string, paths: Iterable<string>, packing: 'gz' | 'br', limit: number): void {
  let bytes = 0;
  for (const path of paths) bytes += readFileSync(join(APP, `${path}.${packing}`)).length;
  const kilobytes = (count: number): string => `${(count / 1000).toFixed(1)} kB`;
  const packed = packing === 'gz' ? 'gzipped' : 'in Brotli';
  console.log(`${what}: ${kilobytes(bytes)} ${packed} (limit ${kilobytes(limit)}).`);
  if (bytes > limit) process.exitCode = 1;
}

const scripts = firstViewScripts();
if (scripts.size === 0) throw new Error(`${APP}/index.html loads no script, so there is nothing to weigh.`);
weigh('Scripts of the first view', scripts, 'gz', FIRST_VIEW_LIMIT);

const kept = new Set(precachedFiles());
for (const path of ['index.html', ...withImports([...scripts, ...[...kept].filter((file) => file.endsWith('.js'))])]) {
  if (!kept.has(path)) throw new Error(`The service worker does not keep ${path}, which the page needs offline.`);
}
weigh(`What works offline (${kept.size} files)`, kept, 'br', PRECACHE_LIMIT);
