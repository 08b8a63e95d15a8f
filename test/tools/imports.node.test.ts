import { expect } from 'chai';
import { cyclesIn, fileImports, importsOf, type Imports } from '../../tools/imports.ts';

describe('the imports of a file', () => {
  for (const [what, code] of [
    ['code', "import { a } from './a.ts';"],
    ['code over several lines', "import {\n  a,\n  b,\n} from './a.ts';"],
    ['types', "import type { A } from './a.ts';"],
    ['a type where it is used', "export const a: import('./a.ts').A = 1;"],
    ['all of a file', "import * as a from './a.ts';"],
    ['what a file does', "import './a.ts';"],
    ['what it hands on', "export { a } from './a.ts';"],
    ['what is loaded when it is first needed', "const a = lazy(() => import('./a.ts'));"],
    ['a worker', "import url from './a.ts?worker&url';"],
  ] as const) {
    it(`are ${what}`, () => expect(importsOf('src/room/b.ts', code)).to.deep.equal(['src/room/a.ts']));
  }

  it('are found in the other rooms', () => {
    expect(importsOf('src/room/wing/b.ts', "import '../../other/a.ts';")).to.deep.equal(['src/other/a.ts']);
  });

  it('are not those of libraries', () => {
    expect(importsOf('src/room/b.ts', "import { html } from 'lit';")).to.deep.equal([]);
  });
});

describe('a cycle of imports', () => {
  const graph = (arrows: Readonly<Record<string, readonly string[]>>): Imports =>
    new Map(Object.entries(arrows).map(([file, imports]) => [file, new Set(imports)]));

  it('is none where two ways lead to one file', () => {
    expect(cyclesIn(graph({ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }))).to.deep.equal([]);
  });

  it('is told once, by its shortest way, from whichever file it is found', () => {
    const imports = graph({ top: ['c'], c: ['d', 'a'], d: ['a'], a: ['b'], b: ['c'] });
    expect(cyclesIn(imports)).to.deep.equal(['a -> b -> c -> a', 'a -> b -> c -> d -> a']);
  });

  it('is a file that imports itself', () => {
    expect(cyclesIn(graph({ a: ['a'] }))).to.deep.equal(['a -> a']);
  });

  // The linter looks for cycles, too, and leaves out the imports that are of types only.
  it('is nowhere in src, types included', () => {
    const imports = fileImports();
    const targets = [...imports.values()].flatMap((each) => [...each]);
    expect(targets.filter((path) => !imports.has(path))).to.deep.equal([], 'files that are nowhere');
    const cycles = cyclesIn(imports);
    expect(cycles, `\n${cycles.join('\n')}\n`).to.be.empty;
  });
});
