/**
 * Takes the addresses of registries and of donation pages out of package-lock.json; run it after each `npm install`.
 * `npm ci` needs neither: it asks the registry that npm is set up with, and checks the hash that stands in the file.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const FILE = 'package-lock.json';

interface Lockfile {
  readonly packages: Readonly<Record<string, { resolved?: string; funding?: unknown }>>;
}

const lock = JSON.parse(readFileSync(FILE, 'utf8')) as Lockfile;
for (const entry of Object.values(lock.packages)) {
  delete entry.resolved;
  delete entry.funding;
}
writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
