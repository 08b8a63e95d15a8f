/** Bundles the host and the command line into one file beside node_modules: dist/host/moult.js. */
import { existsSync } from 'node:fs';
import { build } from 'esbuild';

const ENTRY = 'src/host/moult.ts';

if (existsSync(ENTRY)) {
  await build({
    entryPoints: [ENTRY],
    outfile: 'dist/host/moult.js',
    bundle: true,
    platform: 'node',
    format: 'esm',
    // The oldest Node that package.json allows.
    target: 'node20.19',
    // Ours only: the libraries stay where npm put them, as dependencies.
    packages: 'external',
    sourcemap: 'linked',
    logLevel: 'warning',
    banner: { js: '#!/usr/bin/env node' },
  });
}
