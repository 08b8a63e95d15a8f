/** Vite plugin: builds the page without some of its elements; their tags then draw nothing. */
import { relative, resolve } from 'node:path';
import type { Plugin } from 'vite';
import { ON_DEMAND } from './one-file.ts';

const EMPTY = '\0left-out';

/** A statement that loads a module and waits for nothing. */
const LOADED_ASIDE = /\bvoid import\('[^']+'\);/g;

export interface LeaveOutOptions {
  /** Folder whose modules load others when they are first needed: all of these are left out. From the project's folder. */
  readonly onDemandOf: string;
  /** Left out wherever they are imported, for their effect only. Paths as above. */
  readonly modules: readonly string[];
  /** What takes the place of modules whose exports are needed, wherever they are imported. Paths as above. */
  readonly instead: Readonly<Record<string, string>>;
}

/** Fails where nothing imports one of the modules that are named: then it has moved. */
export function leaveOut({ onDemandOf, modules, instead }: LeaveOutOptions): Plugin {
  const met = new Set<string>();
  const fromHere = (id: string): string => relative(process.cwd(), id).replaceAll('\\', '/');
  return {
    name: 'leave-out',
    apply: 'build',
    enforce: 'pre',
    async resolveId(source, importer, options) {
      const found = await this.resolve(source, importer, { ...options, skipSelf: true });
      if (found === null || importer === undefined) return found;
      const path = fromHere(found.id);
      if (modules.includes(path) || Object.hasOwn(instead, path)) met.add(path);
      const other = Object.hasOwn(instead, path) ? instead[path] : undefined;
      if (other !== undefined) return resolve(other);
      return modules.includes(path) ? EMPTY : found;
    },
    transform: (code, id) =>
      fromHere(id).startsWith(onDemandOf)
        ? { code: code.replaceAll(LOADED_ASIDE, ';').replaceAll(ON_DEMAND, 'Promise.resolve({})'), map: null }
        : null,
    load: (id) => (id === EMPTY ? 'export {};' : null),
    buildEnd(error) {
      const missed = [...modules, ...Object.keys(instead)].filter((path) => !met.has(path));
      if (error === undefined && missed.length > 0) throw new Error(`nothing imports ${missed.join(', ')}`);
    },
  };
}
