/** Vite plugin: fails where a group of modules has come to nothing, as it does when its folder was renamed. */
import type { Plugin } from 'vite';

export function everyGroupHasAFile(names: readonly string[]): Plugin {
  return {
    name: 'every-group-has-a-file',
    apply: 'build',
    generateBundle(_options, bundle) {
      const files = Object.values(bundle).map(({ fileName }) => fileName);
      const missing = names.filter((name) => !files.some((file) => file.startsWith(`assets/${name}-`)));
      if (missing.length > 0) throw new Error(`no module belongs to ${missing.join(', ')}: look at its pattern`);
    },
  };
}
