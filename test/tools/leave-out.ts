/** Vite plugin: builds as if some modules of the page held nothing. */
import { relative } from 'node:path';
import type { Plugin } from 'vite';

const EMPTY = '\0left-out';

/**
 * `modules` are paths from the project's folder, of elements that others import for their effect only: left out, their
 * tags draw nothing. Fails where nothing imports one of them: then it has moved.
 */
export function leaveOut(modules: readonly string[]): Plugin {
  const met = new Set<string>();
  return {
    name: 'leave-out',
    apply: 'build',
    enforce: 'pre',
    async resolveId(source, importer, options) {
      const found = await this.resolve(source, importer, { ...options, skipSelf: true });
      if (found === null) return null;
      const path = relative(process.cwd(), found.id).replaceAll('\\', '/');
      if (!modules.includes(path)) return found;
      met.add(path);
      return EMPTY;
    },
    load: (id) => (id === EMPTY ? 'export {};' : null),
    buildEnd(error) {
      const missed = modules.filter((path) => !met.has(path));
      if (error === undefined && missed.length > 0) throw new Error(`nothing imports ${missed.join(', ')}`);
    },
  };
}
