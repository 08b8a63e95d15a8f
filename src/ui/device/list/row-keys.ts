/** Which row a key leads to: arrows go where they point, also where the rows stand in columns; Home and End to the ends. */

/**
 * @param at the row that has focus
 * @param columns how many stand beside each other
 * @returns the row's place; null: the key is none of the list's, or there is nothing in that direction
 */
export function rowAfter(key: string, at: number, rows: number, columns: number): number | null {
  const to = {
    ArrowDown: at + columns,
    ArrowUp: at - columns,
    ArrowRight: columns === 1 ? at : at + 1,
    ArrowLeft: columns === 1 ? at : at - 1,
    Home: 0,
    End: rows - 1,
  }[key];
  return to === undefined || to === at ? null : Math.max(0, Math.min(rows - 1, to));
}
