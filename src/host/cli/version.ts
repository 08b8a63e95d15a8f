/** This program's version, as its package states it. */
import { readFile } from 'node:fs/promises';

/** @throws where no package.json of Moult's lies above this file */
export async function ownVersion(): Promise<string> {
  // Built, this is in dist/host; in a checkout it is in src/host/cli.
  for (let folder = new URL('..', import.meta.url); ; folder = new URL('..', folder)) {
    const text = await readFile(new URL('package.json', folder), 'utf8').catch(() => null);
    const { name, version } = text === null ? {} : (JSON.parse(text) as { name?: string; version?: string });
    if (name === 'moult' && version !== undefined) return version;
    if (folder.pathname === '/') throw new Error('There is no package.json above this program.');
  }
}
