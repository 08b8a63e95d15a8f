/**
 * Fails when what the build made weighs more than its limits, gzipped as the host sends it: the scripts of the first view, all files that
 * the service worker keeps, and the page for a device. Runs after the builds and precompress.ts.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const APP = 'dist/app';
const DEVICE_PAGE = 'dist/device/index.html.gz';

/** kB as web tools count them (1,000 bytes): a phone on a weak network has this within a second or two. */
const FIRST_VIEW_LIMIT = 60_000;
/** All of it is fetched at the first visit, on whatever network that is. */
const PRECACHE_LIMIT = 150_000;
/** A share of a board's file system that leaves room for the program it is there for. */
const DEVICE_LIMIT = 64_000;

/** The scripts that the page names, and everything that these import before they run. Paths are relative to APP. */
function firstViewScripts(): Set<string> {
  const html = readFileSync(join(APP, 'index.html'), 'utf8');
  const tags = [...html.matchAll(/<(?:script|link)\b[^>]*\b(?:src|href)="([^"]+\.js)"/g)];
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
  for (const [, path = ''] of tags) add(path.replace(/^\.?\//, ''));
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

function gzipped(paths: Iterable<string>): number {
  let total = 0;
  for (const path of paths) total += readFileSync(join(APP, `${path}.gz`)).length;
  return total;
}

function weigh(what: string, bytes: number, limit: number): void {
  const kilobytes = (count: number): string => `${(count / 1000).toFixed(1)} kB`;
  console.log(`${what}: ${kilobytes(bytes)} gzipped (limit ${kilobytes(limit)}).`);
  if (bytes > limit) process.exitCode = 1;
}

const scripts = firstViewScripts();
if (scripts.size === 0) throw new Error(`${APP}/index.html loads no script, so there is nothing to weigh.`);
weigh('Scripts of the first view', gzipped(scripts), FIRST_VIEW_LIMIT);

const kept = new Set(precachedFiles());
for (const path of ['index.html', ...scripts]) {
  if (!kept.has(path)) throw new Error(`The service worker does not keep ${path}: the page would not open offline.`);
}
weigh(`What works offline (${kept.size} files)`, gzipped(kept), PRECACHE_LIMIT);

if (existsSync(DEVICE_PAGE)) weigh('The page on a device', readFileSync(DEVICE_PAGE).length, DEVICE_LIMIT);
