/**
 * Vite plugin: what a script needs is asked for beside it, and nothing more (src/page/preload.ts). Vite's own helper waits
 * for styles, looks for what the page has asked for itself, and tells of failures, for which nothing here listens:
 * elements have their styles in their scripts. That is 0.6 kB of the first view.
 */
import type { Plugin } from 'vite';

const HELPER = '\0vite/preload-helper.js';

/** Fails where Vite has another helper than this takes the place of, or where there are styles to wait for. */
export function preloadScripts(): Plugin {
  let isMet = false;
  return {
    name: 'preload-scripts',
    apply: 'build',
    enforce: 'pre',
    load(id) {
      if (id !== HELPER) return null;
      isMet = true;
      return "export { preload as __vitePreload } from '/src/page/preload.ts';";
    },
    generateBundle(_options, bundle) {
      if (!isMet) throw new Error('Vite has another helper for preloads');
      const styles = Object.keys(bundle).filter((name) => name.endsWith('.css'));
      if (styles.length > 0) throw new Error(`nothing waits for ${styles.join(', ')}`);
    },
  };
}
