/** Groups of modules that become one file each, and what fails the build where a group has come to nothing. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

export interface Group {
  readonly name: string;
  readonly test: (id: string) => boolean;
}

const SRC = 'src/';

interface More {
  /** Modules of libraries. */
  readonly also?: RegExp;
  /** Places in its folders that are left to another group. */
  readonly except?: readonly string[];
}

/**
 * A group of what lies at these places below `src/`: a folder (`ui/device/list/`), or a file without its ".ts" (`at-work`). Throws
 * where one of them is not there: a file that was moved would leave its group in silence.
 */
export function group(name: string, places: readonly string[], { also, except = [] }: More = {}): Group {
  const gone = [...places, ...except].filter(
    (place) => !existsSync(join(SRC, place.endsWith('/') ? place : `${place}.ts`)),
  );
  if (gone.length > 0) throw new Error(`the group ${name} names what is not there: ${gone.join(', ')}`);
  return {
    name,
    test: (id) => {
      const path = placeOf(id);
      if (path === null) return also?.test(id) === true;
      return isIn(places, path) && !isIn(except, path);
    },
  };
}

function isIn(places: readonly string[], path: string): boolean {
  return places.some((place) => (place.endsWith('/') ? path.startsWith(place) : path === place));
}

/** Where a module of ours is below `src/`; null for one of a library. */
function placeOf(id: string): string | null {
  const path = id.replaceAll('\\', '/').replace(/\?.*$/, '');
  const at = path.lastIndexOf(`/${SRC}`);
  return at < 0 || path.includes('/node_modules/') ? null : path.slice(at + 1 + SRC.length).replace(/\.ts$/, '');
}

/** Vite plugin: fails where a group of modules has come to nothing, because nothing imports a module of it any more. */
export function everyGroupHasAFile(names: readonly string[]): Plugin {
  return {
    name: 'every-group-has-a-file',
    apply: 'build',
    generateBundle(_options, bundle) {
      const files = Object.values(bundle).map(({ fileName }) => fileName);
      const missing = names.filter((name) => !files.some((file) => file.startsWith(`assets/${name}-`)));
      if (missing.length > 0) throw new Error(`no module belongs to ${missing.join(', ')}: look at its places`);
    },
  };
}

/**
 * Vite plugin: fails where a file has no module in it, and only names what another exports. Rolldown makes one for every module of
 * a group that is loaded on demand as soon as any module of the page awaits something at its top: forty needless
 * requests, each of which can fail although all the code that is needed is there.
 */
export function everyFileHasAModule(): Plugin {
  return {
    name: 'every-file-has-a-module',
    apply: 'build',
    generateBundle(_options, bundle) {
      const empty = Object.values(bundle).filter((file) => file.type === 'chunk' && file.moduleIds.length === 0);
      if (empty.length === 0) return;
      const names = empty.map(({ fileName }) => fileName).join(', ');
      throw new Error(`no module is in ${names}: does one await at its top?`);
    },
  };
}
