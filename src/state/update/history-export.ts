/** The history as a file, for a spreadsheet or a program. */
import type { HistoryRow } from '../../model/update/history-entry.ts';
import { averageSpeed, outcomeWords } from './history-search.ts';

const COLUMNS: readonly (readonly [name: string, value: (row: HistoryRow) => string | number | null])[] = [
  ['started', ({ startedAt }) => new Date(startedAt).toISOString()],
  ['device', ({ deviceName }) => deviceName],
  ['version', ({ version }) => version],
  ['project', ({ project }) => project],
  ['sha256', ({ sha256 }) => sha256],
  ['outcome', ({ outcome }) => outcomeWords(outcome)],
  ['reason', ({ code }) => code],
  ['seconds', ({ durationMs }) => durationMs / 1000],
  ['size_bytes', ({ size }) => size],
  ['acknowledged_bytes', ({ bytes }) => bytes],
  ['average_bytes_per_second', (row) => rounded(averageSpeed(row))],
  ['retries', ({ retries }) => retries],
  ['session_restarts', ({ sessionRestarts }) => sessionRestarts],
  ['dialect', ({ dialect }) => dialect],
  ['route', ({ route }) => route],
];

/** RFC 4180: a header, then one record a line, ended by CRLF. */
export function asCsv(rows: readonly HistoryRow[]): string {
  const lines = [COLUMNS.map(([name]) => name), ...rows.map((row) => COLUMNS.map(([, value]) => cell(value(row))))];
  return lines.map((line) => `${line.join(',')}\r\n`).join('');
}

export function asJson(rows: readonly HistoryRow[]): string {
  const updates = rows.map((row) => ({ ...row, averageBytesPerSecond: rounded(averageSpeed(row)) }));
  return `${JSON.stringify({ format: 'moult-history', version: 1, updates }, null, 2)}\n`;
}

/** Characters that begin a formula, full-width ones too; spaces before them are skipped, as a spreadsheet does. */
const FORMULA = /(^|[;,\t\r\n])(\s*[=+\-@＝＋－＠])/g;

/**
 * Names come from people and from files, and a spreadsheet runs a cell that begins like a formula. An apostrophe in
 * front makes it text (https://owasp.org/www-community/attacks/CSV_Injection). Text is always in quotes, and marked
 * where another separator than ours would make a cell of its own.
 */
function cell(value: string | number | null): string {
  if (typeof value !== 'string') return String(value ?? '');
  const marked = value.replace(FORMULA, "$1'$2");
  const text = /^[\t\r\n]/.test(marked) ? `'${marked}` : marked;
  return `"${text.replaceAll('"', '""')}"`;
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}
