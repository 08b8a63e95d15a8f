/**
 * The geometry of the slot map: where in a grid of cells a range of bytes lies. Pure; `<slot-map>` draws it.
 *
 * A range is not drawn cell by cell. It is three boxes at most, filled with a pattern of one cell, so that a grid costs
 * the same whether it has ten cells or a thousand, and a cell that is acknowledged in part is filled in part.
 */
import type { ByteRange } from '../../../model/update/update-state.ts';

/** Side of a cell and its gap, in CSS pixels, on the 4 px grid. */
export const PITCH = 8;
export const CELL = 6;

/**
 * A range ends in the middle of the gap after its last cell. At its far side, where the next cell begins, a screen whose
 * pixels are no whole part of CSS pixels shows a thin line of that.
 */
const HALF_GAP = (PITCH - CELL) / 2;

/** More cells than this are no longer told apart on a phone; then a cell stands for several blocks. */
const MOST_CELLS = 640;

export interface SlotGrid {
  readonly columns: number;
  readonly rows: number;
  /** Bytes that one cell stands for. */
  readonly cellBytes: number;
  /** Bytes of the whole grid: the slot where it is known, else the image. */
  readonly bytes: number;
}

/** Rows where the field keeps one height, whatever slot it shows: then nothing below it moves. */
export const STEADY_ROWS = 8;

/** `width` in CSS pixels; at most `mostRows` high. */
export function slotGrid(bytes: number, blockSize: number, width: number, mostRows = MOST_CELLS): SlotGrid {
  const columns = Math.max(1, Math.floor((width + PITCH - CELL) / PITCH));
  const blocks = Math.max(1, Math.ceil(bytes / blockSize));
  const cellBytes = blockSize * Math.ceil(blocks / Math.min(MOST_CELLS, columns * mostRows));
  return { columns, rows: Math.ceil(bytes / cellBytes / columns) || 1, cellBytes, bytes };
}

/** The outline of a range, as SVG path data; empty for an empty range. */
export function outline(grid: SlotGrid, { start, end }: ByteRange): string {
  if (end <= start) return '';
  const first = Math.floor(start / grid.cellBytes);
  const last = Math.ceil(end / grid.cellBytes) - 1;
  const from = place(grid, first, start);
  const to = place(grid, last, end);
  if (from.row === to.row) return block(from.row, to.row, from.x, to.x);
  const right = grid.columns * PITCH - HALF_GAP;
  return (
    block(from.row, from.row, from.x, right) +
    block(from.row + 1, to.row - 1, 0, right) +
    block(to.row, to.row, 0, to.x)
  );
}

/** Whole rows from one to another, both included; none where the last comes before the first. */
function block(first: number, last: number, left: number, right: number): string {
  return last < first ? '' : `M${left} ${first * PITCH}H${right}V${(last + 1) * PITCH - HALF_GAP}H${left}Z`;
}

/** A corner on every cell that a range touches, as SVG path data. */
export function corners(grid: SlotGrid, ranges: readonly ByteRange[]): string {
  const cells = new Set<number>();
  for (const { start, end } of ranges) {
    const last = Math.ceil(end / grid.cellBytes);
    for (let cell = Math.floor(start / grid.cellBytes); cell < last; cell += 1) cells.add(cell);
  }
  return [...cells]
    .map((cell) => {
      const x = (cell % grid.columns) * PITCH + CELL;
      const y = Math.floor(cell / grid.columns) * PITCH;
      return `M${x - 4} ${y}h4v4z`;
    })
    .join('');
}

/** Where a byte lies that is in this cell, or at its end. Within a cell only its square counts. */
function place(grid: SlotGrid, cell: number, byte: number): { row: number; x: number } {
  const row = Math.floor(cell / grid.columns);
  const part = byte / grid.cellBytes - cell;
  // Two decimals: finer is not seen.
  const across = part === 1 ? PITCH - HALF_GAP : Math.round(part * CELL * 100) / 100;
  return { row, x: (cell - row * grid.columns) * PITCH + across };
}
