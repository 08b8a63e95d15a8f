/** Vite plugin for the page on a device: puts the script and the icon into the page. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';
import { NOTICES_FILE } from './licences.ts';

/** On a real page nothing but this very script may run; devices may have any address, as on the host (src/host/serve/headers.ts). */
function policyFor(script: string): string {
  const hash = createHash('sha256').update(script).digest('base64');
  return [
    "default-src 'none'",
    `script-src 'sha256-${hash}'`,
    "style-src 'self'",
    'img-src data: blob:',
    'connect-src http: https:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types lit-html',
  ].join('; ');
}

export function oneFile(): Plugin {
  return {
    name: 'one-file',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const page = bundle['index.html'];
      const [script, ...others] = Object.values(bundle).filter(
        (part) => part !== page && part.fileName !== NOTICES_FILE,
      );
      if (page?.type !== 'asset' || script?.type !== 'chunk' || others.length > 0) {
        throw new Error(`the page on a device is one page and one script, not ${Object.keys(bundle).join(', ')}`);
      }
      // Within a script element, only this ends it.
      const code = script.code.trim().replaceAll('</script', '<\\/script');
      const icon = readFileSync('public/icon.svg', 'utf8').replaceAll(/\n\s*/g, '');
      const html = String(page.source)
        // It is of the whole app, and no search engine reads a board.
        .replace(/\s*<meta\s+name="description"[^>]*>/, '')
        // Functions: a `$` in the code is no pattern.
        .replace(/<script type="module"[^>]*><\/script>/, () => `<script type="module">${code}</script>`)
        .replace(
          /<link rel="icon"[^>]*>/,
          () => `<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(icon)}" />`,
        )
        .replace(/\s*<link rel="apple-touch-icon"[^>]*>/, '')
        .replace(
          '<meta charset="utf-8" />',
          (charset) => `${charset}<meta http-equiv="Content-Security-Policy" content="${policyFor(code)}" />`,
        );
      if (/\s(src|href)="(?!data:)/.test(html.replace(code, '')))
        throw new Error('the page still asks for another file');
      Reflect.deleteProperty(bundle, script.fileName);
      this.emitFile({ type: 'asset', fileName: 'index.html', source: html });
    },
  };
}

/** As sources load a module when it is first needed. */
export const ON_DEMAND = /\bimport\('([^']+)'\)/g;

/**
 * Vite plugin: what is loaded on demand is in the one file already, and is there from the start. Kept for later, it would
 * have to be wrapped, which costs bytes.
 */
export function loadNothing(): Plugin {
  return {
    name: 'load-nothing',
    apply: 'build',
    enforce: 'pre',
    transform(code, id) {
      const there: string[] = [];
      const main = code.replaceAll(ON_DEMAND, (_import, path: string) => {
        there.push(`import * as there${there.length} from '${path}';\n`);
        return `Promise.resolve(there${there.length - 1})`;
      });
      const isOurs = /\/src\/[^?]*\.ts$/.test(id) && !id.includes('node_modules');
      if (isOurs && /(?<![#.\w])import\(/.test(main))
        throw new Error(`${id} loads something in another way than import('…')`);
      return there.length === 0 ? null : { code: there.join('') + main, map: null };
    },
    renderChunk(code) {
      if (/\bimport\(/.test(code)) throw new Error('the page still loads something on demand');
      return null;
    },
  };
}

const DEFAULT_SCRIPT = '/src/main.ts';

/** Vite plugin: the page starts with this script instead of its own. */
export function startWith(script: string): Plugin {
  return {
    name: 'start-with',
    apply: 'build',
    transformIndexHtml: {
      order: 'pre',
      handler: (html) => {
        if (!html.includes(DEFAULT_SCRIPT)) throw new Error(`the page does not start with ${DEFAULT_SCRIPT}`);
        return html.replace(DEFAULT_SCRIPT, `/${script}`);
      },
    },
  };
}
