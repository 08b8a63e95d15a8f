/** `npm run build`: everything that is shipped, step by step. `npm test` runs the same steps. */
import { spawnSync } from 'node:child_process';
import { argv, execPath } from 'node:process';
import { pathToFileURL } from 'node:url';

export interface BuildStep {
  readonly name: string;
  /** For Node: no shell and no PATH is needed (Windows has .cmd files there). */
  readonly args: readonly string[];
}

const VITE = 'node_modules/vite/bin/vite.js';

export const BUILD_STEPS: readonly BuildStep[] = [
  { name: 'build of the page', args: [VITE, 'build', '--logLevel=warn'] },
  { name: 'packing of the page', args: ['--import=tsx', 'tools/precompress.ts'] },
  { name: 'build of the page for a device', args: [VITE, 'build', '--mode', 'device', '--logLevel=warn'] },
  { name: 'build of the host', args: ['--import=tsx', 'tools/build-host.ts'] },
  { name: 'weight of what was built', args: ['--import=tsx', 'tools/first-view-size.ts'] },
];

if (import.meta.url === pathToFileURL(argv[1] ?? '').href) {
  for (const { name, args } of BUILD_STEPS) {
    console.log(name);
    const { status, error } = spawnSync(execPath, args, { stdio: 'inherit' });
    if (error !== undefined) throw error;
    if (status !== 0) process.exit(status ?? 1);
  }
}
