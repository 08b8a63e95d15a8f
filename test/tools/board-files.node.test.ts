import { expect } from 'chai';
import { boardTrouble, ROOM } from '../../tools/vite/board-files.ts';

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
    const half = Math.floor(ROOM / 2);
    expect(trouble(half, ROOM - half)).to.equal(null);
    const count = (bytes: number): string => bytes.toLocaleString('en-US');
    expect(trouble(half, ROOM - half + 1)).to.equal(
      `The page has ${count(ROOM + 1)} bytes, and may take ${count(ROOM)} of a board’s file system.`,
    );
  });
});
