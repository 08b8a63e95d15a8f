/**
 * Bundles the host and the command line beside node_modules: dist/host/moult.js, and beside it one file for each command,
 * so that a command loads the libraries that it needs and no others.
 */
import { rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { notices, NOTICES_FILE, packageFolders } from './vite/licences.ts';

const ENTRY = 'src/host/moult.ts';
const FOLDER = 'dist/host';

// The names of the parts change with what is in them: those of the last build would stay.
await rm(FOLDER, { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: [ENTRY],
  outdir: FOLDER,
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  // The oldest Node that package.json allows.
  target: 'node20.19',
  // Ours only: the libraries stay where npm put them, as dependencies.
  packages: 'external',
  sourcemap: 'linked',
  metafile: true,
  logLevel: 'warning',
  banner: { js: '#!/usr/bin/env node' },
});
const folders = packageFolders(Object.keys(metafile.inputs).map((path) => resolve(path)));
await writeFile(join(FOLDER, NOTICES_FILE), notices(folders));
