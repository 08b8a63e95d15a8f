const asked = new Set<string>();

/** Safari before 17 and Firefox before 115 do not know scripts with imports there; they still take them as plain files. */
const REL = document.createElement('link').relList.supports('modulepreload') ? 'modulepreload' : 'preload';

/**
 * Loads a script, and asks for what it needs beside it: else that would be asked for only once the script is there. Takes
 * the place of Vite's own helper (tools/vite/preload-scripts.ts).
 *
 * @param scripts by their paths from the page's root, without the slash
 */
export function preload<Loaded>(load: () => Promise<Loaded>, scripts: readonly string[] = []): Promise<Loaded> {
  for (const path of scripts) {
    if (asked.has(path)) continue;
    asked.add(path);
    const link = document.createElement('link');
    Object.assign(link, { rel: REL, as: 'script', crossOrigin: '', href: `/${path}` });
    document.head.append(link);
  }
  return load();
}
