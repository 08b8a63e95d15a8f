import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { NEXT_OFF_BOARD, WHY_OFF_BOARD } from '../../../src/words/update/off-board-errors.ts';

/** A module and all that it imports. Types import nothing, and what is loaded on demand is not on a board. */
function reached(path: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  const code = readFileSync(path, 'utf8');
  for (const [, target = ''] of code.matchAll(/^(?:import|export) (?!type\b)[^;]*?'(\.[^']+\.ts)';/gm)) {
    reached(join(dirname(path), target), seen);
  }
  return seen;
}

describe('what is said of an error that no page on a board meets', () => {
  it('is left out there: no module of such a page makes one of these errors', () => {
    const files = reached('src/on-device.ts');
    expect(files.size).to.be.above(200);
    const made = [...files].flatMap((path) => {
      const found = readFileSync(path, 'utf8').matchAll(/\b(?:UpdateError|Refusal)\(\s*'([^']+)'/g);
      return [...found].map(([, code = '']) => code);
    });
    expect(made).to.include.members(['garbled', 'unreachable', 'unauthorised', 'other-session']);
    expect(made.filter((code) => code in WHY_OFF_BOARD)).to.deep.equal([]);
    expect(Object.keys(NEXT_OFF_BOARD)).to.have.members(Object.keys(WHY_OFF_BOARD));
  });
});
