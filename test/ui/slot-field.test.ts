import { expect } from 'chai';
import { CELL, corners, outline, PITCH, slotField } from '../../src/ui/slot-field.ts';

const BLOCK = 4096;
const TEN = slotField(25 * BLOCK, BLOCK, 10 * PITCH);

describe('The field of flash blocks', () => {
  it('has one cell a block, as many in a row as fit', () => {
    expect(TEN).to.deep.equal({ columns: 10, rows: 3, cellBytes: BLOCK, bytes: 25 * BLOCK });
  });

  it('does not need the gap after the last cell of a row', () => {
    expect(slotField(BLOCK, BLOCK, 10 * PITCH - (PITCH - CELL)).columns).to.equal(10);
  });

  it('lets a cell stand for several blocks where the slot is large', () => {
    const field = slotField(16 * 1024 * 1024, BLOCK, 320);
    expect(field.cellBytes % BLOCK).to.equal(0);
    expect(field.rows * field.columns * field.cellBytes).to.be.at.least(16 * 1024 * 1024);
    expect(field.rows * PITCH, 'not taller than half of a phone').to.be.below(390);
  });

  it('survives a width of nothing and a slot of nothing', () => {
    expect(slotField(0, BLOCK, 0)).to.include({ columns: 1, rows: 1 });
  });
});

describe('The outline of a range', () => {
  it('is nothing for no bytes', () => {
    expect(outline(TEN, { start: BLOCK, end: BLOCK })).to.equal('');
  });

  it('is one box within a row', () => {
    expect(outline(TEN, { start: BLOCK, end: 3 * BLOCK })).to.equal(`M${PITCH} 0H${3 * PITCH}V${PITCH}H${PITCH}Z`);
  });

  it('ends with a full row, not with an empty one after it', () => {
    expect(outline(TEN, { start: 0, end: 10 * BLOCK })).to.equal(`M0 0H${10 * PITCH}V${PITCH}H0Z`);
  });

  it('steps where it starts and ends within a row', () => {
    const path = outline(TEN, { start: 5 * BLOCK, end: 23 * BLOCK });
    expect(path).to.equal(
      `M${5 * PITCH} 0H${10 * PITCH}V${2 * PITCH}H${3 * PITCH}V${3 * PITCH}H0V${PITCH}H${5 * PITCH}Z`,
    );
  });

  it('fills a cell in part where it is acknowledged in part', () => {
    expect(outline(TEN, { start: 0, end: BLOCK / 2 })).to.equal(`M0 0H${CELL / 2}V${PITCH}H0Z`);
  });
});

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
