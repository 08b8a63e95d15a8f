/**
 * Devices as text that people write: CSV with or without a line of titles, and pasted lines. Pure; it tells where the
 * text is wrong.
 */
import type { NamedElsewhere } from '../model/page/backup.ts';
import type { RowProblem, TableField } from '../model/device/device-list.ts';

/** One device as the text has it. Absent: the text does not say. */
export interface Row {
  /** Counted from 1, blank lines too, as an editor shows it. */
  readonly line: number;
  readonly cells: Readonly<Partial<Record<TableField, string>>>;
  /** Which secrets the list only names, where it does: a page cannot read the environment. */
  readonly lacks?: NamedElsewhere['lacks'];
}

export type Table =
  { readonly kind: 'rows'; readonly rows: readonly Row[] } | { readonly kind: 'wrong'; readonly problem: RowProblem };

/** The titles that a column may have, in lower case without spaces, dashes and underscores. */
const TITLES: Readonly<Record<string, TableField>> = {
  name: 'name',
  device: 'name',
  address: 'address',
  host: 'address',
  ip: 'address',
  url: 'address',
  token: 'token',
  otatoken: 'token',
  user: 'user',
  username: 'user',
  password: 'password',
  group: 'group',
  chip: 'chip',
  protocol: 'protocol',
  tokenheader: 'tokenHeader',
  header: 'tokenHeader',
};

/** The columns of a text without titles. A line of one cell is an address. */
const USUAL: readonly TableField[] = ['name', 'address', 'token'];

/** In this order: people type no tab in a cell, and where there are semicolons a comma may belong to a name. */
const SEPARATORS = ['\t', ';', ','] as const;

interface Line {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Reads the text. Blank lines, and those that start with "#", are skipped. */
export function readTable(text: string): Table {
  const separator = separatorOf(text);
  const records = split(text, separator);
  if ('kind' in records) return records;
  const [first, ...rest] = records;
  if (first === undefined) return wrong({ line: 1, field: null, kind: 'empty' });
  const titles = first.cells.map((cell) => TITLES[bare(cell)]);
  if (!titles.includes('address')) return rowsOf(records, USUAL);
  const unknown = titles.indexOf(undefined);
  if (unknown !== -1) {
    return wrong({ line: first.line, field: null, kind: 'unknown-column', said: first.cells[unknown] ?? '' });
  }
  const twice = titles.find((title, at) => titles.indexOf(title) !== at);
  if (twice !== undefined) return wrong({ line: first.line, field: twice, kind: 'column-twice' });
  if (rest.length === 0) return wrong({ line: first.line, field: null, kind: 'empty' });
  return rowsOf(
    rest,
    titles.filter((title) => title !== undefined),
  );
}

/** The result for a text that is not a list of devices. */
export function wrong(problem: RowProblem): Extract<Table, { kind: 'wrong' }> {
  return { kind: 'wrong', problem };
}

function rowsOf(records: readonly Line[], fields: readonly TableField[]): Table {
  const rows: Row[] = [];
  for (const { line, cells } of records) {
    if (cells.length > fields.length) return wrong({ line, field: null, kind: 'too-many-cells' });
    const named: readonly TableField[] = fields === USUAL && cells.length === 1 ? ['address'] : fields;
    const entries = cells.map((cell, at) => [named[at] ?? 'address', cell] as const).filter(([, cell]) => cell !== '');
    rows.push({ line, cells: Object.fromEntries(entries) });
  }
  return { kind: 'rows', rows };
}

function bare(title: string): string {
  return title.toLowerCase().replaceAll(/[\s_-]/g, '');
}

function separatorOf(text: string): string {
  const first = text.split(/\r\n|\n|\r/).find(hasContent) ?? '';
  return SEPARATORS.find((separator) => first.includes(separator)) ?? ',';
}

function hasContent(line: string): boolean {
  return line.trim() !== '' && !line.trimStart().startsWith('#');
}

/** RFC 4180, with any line end: quoted cells may hold separators and line ends, and a quote is written twice. */
function split(text: string, separator: string): readonly Line[] | Extract<Table, { kind: 'wrong' }> {
  const records: Line[] = [];
  // A file from a spreadsheet may begin with a byte order mark.
  const source = text.replace(/^\ufeff/, '').replaceAll(/\r\n?/g, '\n');
  let line = 1;
  let at = 0;
  while (at < source.length) {
    const end = lineEnd(source, at);
    if (!hasContent(source.slice(at, end))) {
      at = end + 1;
      line += 1;
      continue;
    }
    const started = line;
    const cells: string[] = [];
    for (;;) {
      const cell = readCell(source, at, separator);
      if (cell === null) return wrong({ line: started, field: null, kind: 'open-quote' });
      cells.push(cell.text);
      line += cell.lines;
      at = cell.next;
      if (source[at] !== separator) break;
      at += 1;
    }
    if (at < source.length && source[at] !== '\n') return wrong({ line, field: null, kind: 'after-quote' });
    at += 1;
    line += 1;
    records.push({ line: started, cells });
  }
  return records;
}

/** One cell from `at` on, and where it ends: at a separator, a line's end, or something that does not belong there. */
function readCell(
  source: string,
  at: number,
  separator: string,
): { readonly text: string; readonly next: number; readonly lines: number } | null {
  let start = at;
  while (source[start] === ' ') start += 1;
  if (source[start] !== '"') {
    let next = at;
    while (next < source.length && source[next] !== separator && source[next] !== '\n') next += 1;
    return { text: source.slice(at, next).trim(), next, lines: 0 };
  }
  let text = '';
  for (let from = start + 1; ;) {
    const quote = source.indexOf('"', from);
    if (quote === -1) return null;
    text += source.slice(from, quote);
    if (source[quote + 1] !== '"') {
      let next = quote + 1;
      while (source[next] === ' ') next += 1;
      return { text, next, lines: text.split('\n').length - 1 };
    }
    text += '"';
    from = quote + 2;
  }
}

function lineEnd(source: string, at: number): number {
  const end = source.indexOf('\n', at);
  return end === -1 ? source.length : end;
}
