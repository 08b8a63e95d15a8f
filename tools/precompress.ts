/** Puts packed copies beside the files of the page, which the host sends in their place. Runs after `vite build`. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const APP = 'dist/app';
/** Pictures are packed already. */
const TEXT = ['.html', '.js', '.css', '.svg', '.webmanifest'];

for (const name of readdirSync(APP, { recursive: true, encoding: 'utf8' })) {
  if (!TEXT.includes(extname(name))) continue;
  const path = join(APP, name);
  const bytes = readFileSync(path);
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }));
  // Browsers take Brotli from https and localhost only.
  writeFileSync(
    `${path}.br`,
    brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
  );
}
