import { expect } from 'chai';
import { CELL, corners, outline, PITCH, slotGrid } from '../../../src/ui/device/card/slot-grid.ts';

const BLOCK = 4096;
const TEN = slotGrid(25 * BLOCK, BLOCK, 10 * PITCH);

describe('The grid of flash blocks', () => {
  it('has one cell per block, as many in a row as fit', () => {
    expect(TEN).to.deep.equal({ columns: 10, rows: 3, cellBytes: BLOCK, bytes: 25 * BLOCK });
  });

  it('does not need the gap after the last cell of a row', () => {
    expect(slotGrid(BLOCK, BLOCK, 10 * PITCH - (PITCH - CELL)).columns).to.equal(10);
  });

  it('lets a cell stand for several blocks where the slot is large', () => {
    const grid = slotGrid(16 * 1024 * 1024, BLOCK, 320);
    expect(grid.cellBytes % BLOCK).to.equal(0);
    expect(grid.rows * grid.columns * grid.cellBytes).to.be.at.least(16 * 1024 * 1024);
    expect(grid.rows * PITCH, 'not taller than half of a phone').to.be.below(390);
  });

  it('survives a width of nothing and a slot of nothing', () => {
    expect(slotGrid(0, BLOCK, 0)).to.include({ columns: 1, rows: 1 });
  });
});

describe('The outline of a range', () => {
  it('is nothing for no bytes', () => {
    expect(outline(TEN, { start: BLOCK, end: BLOCK })).to.equal('');
  });

  it('is one box within a row', () => {
    expect(outline(TEN, { start: BLOCK, end: 3 * BLOCK })).to.equal(box(PITCH, 0, 3, 1));
  });

  it('ends with a full row, not with an empty one after it', () => {
    expect(outline(TEN, { start: 0, end: 10 * BLOCK })).to.equal(box(0, 0, 10, 1));
  });

  it('is a box more for a row that it starts in, and for one that it ends in', () => {
    const path = outline(TEN, { start: 5 * BLOCK, end: 23 * BLOCK });
    expect(path).to.equal(box(5 * PITCH, 0, 10, 1) + box(0, 1, 10, 2) + box(0, 2, 3, 3));
  });

  it('does not join what wraps from the end of a row to the beginning of the next', () => {
    const path = outline(TEN, { start: 9 * BLOCK, end: 11 * BLOCK });
    expect(path).to.equal(box(9 * PITCH, 0, 10, 1) + box(0, 1, 1, 2));
  });

  it('fills a cell in part where it is acknowledged in part', () => {
    expect(outline(TEN, { start: 0, end: BLOCK / 2 })).to.equal(`M0 0H${CELL / 2}V${PITCH - 1}H0Z`);
    expect(outline(TEN, { start: BLOCK / 2, end: BLOCK })).to.equal(
      `M${CELL / 2} 0H${PITCH - 1}V${PITCH - 1}H${CELL / 2}Z`,
    );
  });
});

/** From a place and a row to before a column and a row, short of the next cell. */
function box(left: number, top: number, column: number, row: number): string {
  return `M${left} ${top * PITCH}H${column * PITCH - 1}V${row * PITCH - 1}H${left}Z`;
}

describe('The corners of what needed another try', () => {
  it('stand on each cell that a range touches, once', () => {
    const path = corners(TEN, [
      { start: BLOCK / 2, end: 2 * BLOCK },
      { start: BLOCK, end: 2 * BLOCK },
    ]);
    expect(path.match(/M/g)).to.have.length(2);
  });

  it('stand in the right row', () => {
    expect(corners(TEN, [{ start: 12 * BLOCK, end: 13 * BLOCK }])).to.equal(`M${2 * PITCH + CELL - 4} ${PITCH}h4v4z`);
  });
});
