/**
 * The geometry of the slot map: where in a field of cells a range of bytes lies. Pure; `<slot-map>` draws it.
 *
 * A range is not drawn cell by cell. It is one polygon, filled with a pattern of one cell, so that a field costs the
 * same whether it has ten cells or a thousand, and a cell that is acknowledged in part is filled in part.
 */
import type { ByteRange } from '../update/update-state.ts';

/** Side of a cell and its gap, in CSS pixels, on the 4 px grid. */
export const PITCH = 8;
export const CELL = 6;

/** More cells than this are no longer told apart on a phone; then a cell stands for several blocks. */
const MOST_CELLS = 640;

export interface SlotField {
  readonly columns: number;
  readonly rows: number;
  /** Bytes that one cell stands for. */
  readonly cellBytes: number;
  /** Bytes of the whole field: the slot where it is known, else the image. */
  readonly bytes: number;
}

/** `width` in CSS pixels. */
export function slotField(bytes: number, blockSize: number, width: number): SlotField {
  const columns = Math.max(1, Math.floor((width + PITCH - CELL) / PITCH));
  const blocks = Math.max(1, Math.ceil(bytes / blockSize));
  const cellBytes = blockSize * Math.ceil(blocks / MOST_CELLS);
  return { columns, rows: Math.ceil(bytes / cellBytes / columns) || 1, cellBytes, bytes };
}

/** The outline of a range, as SVG path data; empty for an empty range. */
export function outline(field: SlotField, { start, end }: ByteRange): string {
  if (end <= start) return '';
  const from = place(field, start);
  const to = place(field, end);
  if (to.x === 0 && to.row > from.row) {
    to.row -= 1;
    to.x = field.columns * PITCH;
  }
  const right = field.columns * PITCH;
  const top = from.row * PITCH;
  const bottom = (to.row + 1) * PITCH;
  if (from.row === to.row) return `M${from.x} ${top}H${to.x}V${bottom}H${from.x}Z`;
  const inner = `H${right}V${bottom - PITCH}H${to.x}V${bottom}H0`;
  return from.x === 0 ? `M0 ${top}${inner}Z` : `M${from.x} ${top}${inner}V${top + PITCH}H${from.x}Z`;
}

/** A corner on every cell that a range touches, as SVG path data. */
export function corners(field: SlotField, ranges: readonly ByteRange[]): string {
  const cells = new Set<number>();
  for (const { start, end } of ranges) {
    const last = Math.ceil(end / field.cellBytes);
    for (let cell = Math.floor(start / field.cellBytes); cell < last; cell += 1) cells.add(cell);
  }
  return [...cells]
    .map((cell) => {
      const x = (cell % field.columns) * PITCH + CELL;
      const y = Math.floor(cell / field.columns) * PITCH;
      return `M${x - 4} ${y}h4v4z`;
    })
    .join('');
}

function place(field: SlotField, byte: number): { row: number; x: number } {
  const cell = byte / field.cellBytes;
  const row = Math.floor(cell / field.columns);
  const inRow = cell - row * field.columns;
  const part = inRow - Math.floor(inRow);
  // Within a cell only its square counts, not the gap after it. Two decimals: finer is not seen.
  return { row, x: Math.floor(inRow) * PITCH + Math.round(part * CELL * 100) / 100 };
}
