import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { Imports } from '../../tools/imports.ts';
import { drawnIn, mermaid, roomImports } from '../../tools/rooms.ts';

describe('the drawing of the rooms', () => {
  it('in docs/architecture.md is the one that the code makes', () => {
    expect(drawnIn(readFileSync('docs/architecture.md', 'utf8'))).to.equal(mermaid(roomImports()));
  });

  it('has every folder of src', () => {
    const folders = readdirSync('src', { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [entry.name] : [],
    );
    expect([...roomImports().keys()]).to.include.members(folders);
  });

  it('leaves out an arrow that two others tell', () => {
    const imports: Imports = new Map([
      ['a', new Set(['b', 'c'])],
      ['b', new Set(['c'])],
      ['c', new Set()],
    ]);
    expect(mermaid(imports)).to.equal('flowchart TD\n  a\n  a --> b\n  b\n  b --> c\n  c\n');
  });

  it('is refused where the document has no place for it', () => {
    expect(() => drawnIn('# Architecture\n')).to.throw('has no place');
  });
});
