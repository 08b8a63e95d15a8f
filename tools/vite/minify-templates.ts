/**
 * Vite plugin: takes out of the page, and of the elements' markup and styles, the white space and comments that people need
 * and browsers do not. The bundler leaves the text of a template as it is.
 */
import ts from 'typescript';
import type { Plugin } from 'vite';

/** What is between tags may part two words, so one space stays. Not for `<pre>`: what stands in one comes in as a value. */
function minifiedMarkup(text: string): string {
  return text.replace(/[ \t\r\n]+/g, ' ');
}

/** Spaces stay where they mean something: in selectors, and around the operators in `calc()`. */
function minifiedStyles(text: string): string {
  return text
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/[ \t\r\n]+/g, ' ')
    .replace(/ ?([{};]) ?/g, '$1')
    .replace(/([:,]) /g, '$1');
}

const MINIFIERS: ReadonlyMap<string, (text: string) => string> = new Map([
  ['html', minifiedMarkup],
  ['svg', minifiedMarkup],
  ['css', minifiedStyles],
]);

/** The source with each of Lit's templates minified; values between their pieces are left alone. */
export function withMinifiedTemplates(code: string): string {
  const changes: { readonly from: number; readonly to: number; readonly text: string }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTaggedTemplateExpression(node) && ts.isIdentifier(node.tag)) {
      const minified = MINIFIERS.get(node.tag.text);
      if (minified !== undefined) {
        for (const piece of piecesOf(node.template)) {
          // Without its delimiters: a backtick or `}` before, a backtick or `${` behind.
          const from = piece.getStart() + 1;
          const to = piece.end - (code.endsWith('`', piece.end) ? 1 : 2);
          changes.push({ from, to, text: minified(code.slice(from, to)) });
        }
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('element.ts', code, ts.ScriptTarget.ES2022, true));
  // From the end on, so that the places before it stay right.
  return changes
    .toSorted((a, b) => b.from - a.from)
    .reduce((done, { from, to, text }) => done.slice(0, from) + text + done.slice(to), code);
}

function piecesOf(template: ts.TemplateLiteral): readonly ts.Node[] {
  return ts.isNoSubstitutionTemplateLiteral(template)
    ? [template]
    : [template.head, ...template.templateSpans.map(({ literal }) => literal)];
}

export function minifyTemplates(): Plugin {
  return {
    name: 'minify-templates',
    apply: 'build',
    enforce: 'pre',
    transform: {
      filter: { id: /\/src\/ui\/.*\.ts$/ },
      handler: (code) => ({ code: withMinifiedTemplates(code), map: null }),
    },
    transformIndexHtml: { order: 'pre', handler: (html) => minifiedMarkup(html.replaceAll(/<!--[^]*?-->/g, '')) },
  };
}
