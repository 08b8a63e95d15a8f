const asked = new Set<string>();

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
    Object.assign(link, { rel: 'modulepreload', crossOrigin: '', href: `/${path}` });
    document.head.append(link);
  }
  return load();
}
