/** The table of what was measured: written into a document, and read from there again. */

/** One browser's column: what was measured, by the row's name. */
export type Column = ReadonlyMap<string, string>;

/** By the browser's name with its version: "Firefox 153". */
export type Columns = ReadonlyMap<string, Column>;

export function table(columns: Columns): string {
  const names = [...columns.keys()];
  const rows = [...new Set([...columns.values()].flatMap((column) => [...column.keys()]))];
  const cells = (row: string): string[] => names.map((name) => columns.get(name)?.get(row) ?? NOT_MEASURED);
  return [
    `| | ${names.join(' | ')} |`,
    `| --- | ${names.map(() => '---').join(' | ')} |`,
    ...rows.map((row) => `| ${row} | ${cells(row).join(' | ')} |`),
  ].join('\n');
}

const NOT_MEASURED = 'not measured';

/** The columns of a table that `table` wrote, however its cells were spaced since; none where there is no table. */
export function readTable(text: string): Columns {
  const [head, , ...rows] = text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  return new Map(
    (head ?? []).slice(1).map((name, at) => {
      const cells = rows.map((row) => [row[0] ?? '', row[at + 1] ?? NOT_MEASURED] as const);
      return [name, new Map(cells.filter(([, cell]) => cell !== NOT_MEASURED))];
    }),
  );
}

/** What was measured now, and of the browsers that were not there what was measured before. In the order of `order`. */
export function together(before: Columns, now: Columns, order: readonly string[]): Columns {
  const kind = (name: string): string => (name.split(' ')[0] ?? '').toLowerCase();
  const measured = new Set([...now.keys()].map(kind));
  const kept = [...before].filter(([name]) => !measured.has(kind(name)));
  const place = ([name]: readonly [string, Column]): number => order.findIndex((each) => kind(name).startsWith(each));
  return new Map([...kept, ...now].sort((a, b) => place(a) - place(b)));
}
