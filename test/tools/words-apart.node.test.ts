import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import ts from 'typescript';

const UI = 'src/ui';
/** Attributes whose values people hear or read. */
const SAID = /\s(?:aria-label|aria-valuetext|alt|label|placeholder|title)="([^"]*)"/g;

/** The words that stand in the templates of this code as they are, and not in a file of `words`. */
function wordsIn(code: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTaggedTemplateExpression(node) && node.tag.getText() === 'html') found.push(...wordsOf(node.template));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('some.ts', code, ts.ScriptTarget.Latest, true));
  return found;
}

function wordsOf(template: ts.TemplateLiteral): string[] {
  const pieces = ts.isNoSubstitutionTemplateLiteral(template)
    ? [template.text]
    : [template.head.text, ...template.templateSpans.map(({ literal }) => literal.text)];
  const markup = pieces.join('0');
  // Code is the same in every language.
  const texts = markup.replace(/<code>[^<]*<\/code>/g, '').replace(/<[^>]*>/g, '\n');
  const attributes = [...markup.matchAll(SAID)].map(([, value = '']) => value);
  return [...texts.split('\n'), ...attributes].map((text) => text.trim()).filter((text) => /\p{Letter}{2}/u.test(text));
}

describe('the words of the page', () => {
  it('are found where they stand in a template', () => {
    expect(wordsIn('html`<p class="a">Sent to ${name}</p>`')).to.deep.equal(['Sent to 0']);
    expect(wordsIn('html`<i aria-label="Notices">${html`<b>Yes</b>`}</i>`')).to.have.members(['Notices', 'Yes']);
    expect(wordsIn('html`<p class="small">${TEXT} <code>main.py</code></p>`')).to.deep.equal([]);
  });

  for (const file of readdirSync(UI, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))) {
    it(`stand in src/words, and not in ${file}`, () => {
      expect(wordsIn(readFileSync(join(UI, file), 'utf8'))).to.deep.equal([]);
    });
  }
});
