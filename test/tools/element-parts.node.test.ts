import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';

const UI = 'src/ui';
/** The shell alone has the whole app, and hands it on. */
const SHELL = join('shell', 'moult-app.ts');

/** "device-card" → "DeviceCardParts". */
const partsOf = (tag: string): string =>
  `${tag.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())}Parts`;

const elements = readdirSync(UI, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && file !== SHELL)
  .map((file) => {
    const code = readFileSync(join(UI, file), 'utf8');
    return { tag: /@customElement\('([\w-]+)'\)/.exec(code)?.[1] ?? '', code };
  })
  .filter(({ tag, code }) => tag !== '' && /\bapp!:/.test(code));

// No compiler looks into the templates, so nothing else holds an element to the parts of those that it draws.
describe('what an element draws from', () => {
  it('is found in the sources', () => {
    expect(elements.length).to.be.greaterThan(20);
  });

  for (const { tag, code } of elements) {
    const own = partsOf(tag);
    const type = new RegExp(`export (?:type ${own} =[^;]+;|interface ${own} \\{)`).exec(code)?.[0] ?? '';

    it(`is said by <${tag}> in a type of its own`, () => {
      expect(code).to.include(`app!: ${own};`);
      expect(type).not.to.equal('');
    });

    for (const [, drawn = ''] of code.matchAll(/<([a-z]+(?:-[a-z]+)+)\s[^<]*?\.app=\$\{/g)) {
      it(`includes, for <${tag}>, what <${drawn}> in it draws from`, () => {
        expect(type).to.match(new RegExp(`\\b${partsOf(drawn)}\\b`));
      });
    }
  }
});
