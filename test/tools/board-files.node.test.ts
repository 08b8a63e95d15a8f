import { expect } from 'chai';
import { boardTrouble } from '../../tools/board-files.ts';

const trouble = (...sizes: readonly number[]): string | null =>
  boardTrouble(new Map(sizes.map((bytes, index) => [`file-${index}`, bytes])));

describe('The files of the page for a board', () => {
  it('are small enough to be sent whole, or large enough to be sent piece by piece', () => {
    expect(trouble(0, 29_999, 65_537)).to.equal(null);
    for (const bytes of [30_000, 61_389, 65_536]) {
      expect(trouble(1, bytes), String(bytes)).to.match(/^file-1 has .* a board without PSRAM cannot serve/);
    }
  });

  it('leave the board room for its program', () => {
    expect(trouble(144_000, 144_000)).to.equal(null);
    expect(trouble(144_000, 144_001)).to.equal(
      'The page has 288,001 bytes, and may take 288,000 of a board’s file system.',
    );
  });
});
