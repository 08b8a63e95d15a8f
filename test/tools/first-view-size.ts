/** Fails when the scripts that the first view loads weigh more than the limit, gzipped. Runs after `vite build`. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const APP = 'dist/app';
/** kB as web tools count them (1,000 bytes): a phone on a weak network has this within a second or two. */
const LIMIT = 60_000;

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

const scripts = firstViewScripts();
if (scripts.size === 0) throw new Error(`${APP}/index.html loads no script, so there is nothing to weigh.`);
let total = 0;
for (const path of scripts) total += gzipSync(readFileSync(join(APP, path)), { level: 9 }).length;

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;
console.log(`First view: ${kilobytes(total)} of JavaScript, gzipped (limit ${kilobytes(LIMIT)}).`);
if (total > LIMIT) process.exitCode = 1;
