/**
 * The notices of the libraries that are in what is built: BSD, ISC and MIT ask for them in every copy. They are read from
 * the packages themselves, so that a library that comes or goes takes its notice along.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Plugin } from 'vite';

export const NOTICES_FILE = 'licences.txt';

interface Package {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  /** Everything that its files about it say. */
  readonly text: string;
}

/** A package by its folder. Throws where it has no notice, since then it may not be shipped. */
function readPackage(folder: string): Package {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license?: string;
  };
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)\b/i.test(file));
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim()).filter((text) => text !== '');
  if (license === undefined || texts.length === 0) throw new Error(`${name} comes without a licence and its text`);
  return { name, version, licence: license, text: texts.join('\n\n') };
}

/** The folders of the packages that these modules are from; what is not below node_modules is ours. */
export function packageFolders(modules: Iterable<string>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const id of modules) {
    const [, folder] = /^\0?(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(id) ?? [];
    if (folder !== undefined) folders.add(folder);
  }
  return folders;
}

/** A package and all that it depends on. */
export function withDependencies(name: string, from: string): ReadonlySet<string> {
  const path = createRequire(join(from, 'package.json')).resolve(`${name}/package.json`);
  const folder = join(path, '..');
  const { dependencies = {} } = JSON.parse(readFileSync(path, 'utf8')) as { dependencies?: Record<string, string> };
  return new Set([folder, ...Object.keys(dependencies).flatMap((each) => [...withDependencies(each, folder)])]);
}

/** As one text: Moult's own, then each other with the packages that it is for. */
export function notices(folders: Iterable<string>): string {
  const packages = [...folders].map(readPackage).sort((a, b) => (a.name < b.name ? -1 : 1));
  const texts = new Set(packages.map(({ text }) => text));
  const byText = [...texts].map((text) => [text, packages.filter((each) => each.text === text)] as const);
  const parts = byText.map(
    ([text, those]) =>
      `${those.map(({ name, version, licence }) => `${name} ${version} (${licence})`).join('\n')}\n\n${text}\n`,
  );
  return [`Moult\n\n${readFileSync('LICENSE', 'utf8')}`, ...parts].join(`\n${'-'.repeat(72)}\n\n`);
}

/** Names, licences and holders in one line each, for a page that is one file. */
export function inShort(folders: Iterable<string>): string {
  const lines = [...folders].map(readPackage).map(({ name, licence, text }) => {
    const holder = /^copyright.*$/im.exec(text)?.[0] ?? '';
    return `${name} (${licence}). ${holder.trim()}`;
  });
  return [...lines.sort(), `Their full texts: ${NOTICES_FILE}.`].join('\n').replaceAll('--', '- -');
}

/**
 * Vite plugin: puts the notices beside what is built. `apart`: packages that another build puts in, which this one does
 * not see. `page`: the page that says them in short, too.
 */
export function licences({ apart = [], page }: { readonly apart?: readonly string[]; readonly page?: string }): Plugin {
  return {
    name: 'licences',
    apply: 'build',
    enforce: 'post',
    // After the page is there, and before its script goes into it (one-file.ts).
    generateBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []));
      const folders = new Set([
        ...packageFolders(modules),
        ...apart.flatMap((name) => [...withDependencies(name, process.cwd())]),
      ]);
      const html = page === undefined ? undefined : bundle[page];
      if (html?.type === 'asset') {
        html.source = String(html.source).replace('</html>', () => `<!--\n${inShort(folders)}\n-->\n</html>`);
      }
      this.emitFile({ type: 'asset', fileName: NOTICES_FILE, source: notices(folders) });
    },
  };
}
