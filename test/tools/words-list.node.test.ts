import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';

const WORDS = 'src/words';
const SAID = readdirSync(WORDS, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join(WORDS, name), 'utf8'))
  .join('\n')
  // Comments are on no screen.
  .replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '');

/** The rows of the table in docs/words.md, without its head. */
function rowsOf(text: string): readonly (readonly [word: string, replaced: readonly string[]])[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2)
    .map((line) => {
      const [, word = '', , replaced = ''] = line.split('|').map((cell) => cell.trim());
      return [
        word,
        replaced
          .split(';')
          .map((each) => each.trim())
          .filter(Boolean),
      ] as const;
    });
}

describe('the list of words', () => {
  const rows = rowsOf(readFileSync('docs/words.md', 'utf8'));

  it('has rows, and each of them a word of its own', () => {
    expect(rows.length).to.be.greaterThan(20);
    expect(new Set(rows.map(([word]) => word)).size).to.equal(rows.length);
  });

  for (const [word, replaced] of rows) {
    it(`has “${word}” as it is said`, () => {
      expect(word).not.to.equal('');
      expect(SAID.includes(word)).to.equal(true);
    });
    for (const old of replaced) {
      it(`no longer has “${old}”`, () => {
        const at = SAID.indexOf(old);
        expect(at === -1 ? '' : SAID.slice(Math.max(0, at - 40), at + 60)).to.equal('');
      });
    }
  }
});
