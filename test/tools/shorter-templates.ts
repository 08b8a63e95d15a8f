/** Vite plugin: takes the indentation out of Lit's templates, which minifiers leave alone since they are strings. */
import { parseSync, Visitor, type Plugin } from 'vite';

type Shorten = (text: string) => string;

/** Between two parts of a page one space means as much as many; none would mean something else. */
const shorterMarkup: Shorten = (text) => text.replaceAll(/\s*\n\s*/g, ' ');

/** Not around ":" and ">", where a space can be a part of a selector. */
const shorterStyle: Shorten = (text) =>
  text
    .replaceAll(/\/\*[^]*?\*\//g, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?([{};,]) ?/g, '$1');

const SHORTEN: Readonly<Record<string, Shorten>> = { html: shorterMarkup, svg: shorterMarkup, css: shorterStyle };

/** `code` is JavaScript. Where text must keep its lines (`<pre>`), it has to come as a value. */
export function shortenTemplates(code: string): string {
  const parts: { readonly start: number; readonly end: number; readonly text: string }[] = [];
  const visitor = new Visitor({
    TaggedTemplateExpression({ tag, quasi }) {
      const shorten = tag.type === 'Identifier' ? SHORTEN[tag.name] : undefined;
      if (shorten === undefined) return;
      for (const { start, value } of quasi.quasis) {
        const at = code.indexOf(value.raw, start);
        parts.push({ start: at, end: at + value.raw.length, text: shorten(value.raw) });
      }
    },
  });
  visitor.visit(parseSync('element.js', code).program);
  return parts
    .sort((a, b) => b.start - a.start)
    .reduce((shorter, { start, end, text }) => shorter.slice(0, start) + text + shorter.slice(end), code);
}

export function shorterTemplates(): Plugin {
  return {
    name: 'shorter-templates',
    apply: 'build',
    enforce: 'post',
    transform(code, id) {
      // Without a map: the build makes none.
      return id.includes('/src/ui/') ? { code: shortenTemplates(code), map: null } : null;
    },
  };
}
