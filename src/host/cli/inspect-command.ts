/** `moult inspect`: what a file is, for people and for build scripts, with the page's own inspector. */
import type { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import type { Verdict } from '../../model/firmware/inspection.ts';
import { statedName } from '../../firmware/image/stated-name.ts';
import { MOST_FILES, MOST_LEVELS } from '../../firmware/work.ts';
import { insideLine, notLookedIntoLine, sizeLine, verdictLine } from '../../words/cli/inspect.ts';
import { boundInWords } from '../../words/firmware/files.ts';
import { reportOn } from './file-report.ts';
import type { FileReport } from './file-report.ts';
import type { Print } from './output.ts';
import { readFirmwareFile, STANDARD_INPUT } from './read-firmware-file.ts';
import { parsed, UsageError } from './usage.ts';

const UNREADABLE = 3;
const EXIT: Readonly<Record<Verdict, number>> = { accept: 0, warn: 1, refuse: 2 };

export async function inspectCommand(args: readonly string[], print: Print, stdin?: Readable): Promise<number> {
  const { values, positionals } = parsed(() =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false } },
    }),
  );
  if (positionals.length === 0) throw new UsageError({ kind: 'inspect-without-file' });
  if (positionals.filter((file) => file === STANDARD_INPUT).length > 1) {
    throw new UsageError({ kind: 'standard-input-twice' });
  }
  const reports: FileReport[] = [];
  for (const file of positionals) {
    const report = await reportOn(file, await readFirmwareFile(file, stdin));
    reports.push(report);
    if (!values.json) print(inWords(report));
  }
  if (values.json) print(JSON.stringify(reports, null, 2));
  return Math.max(...reports.map(({ verdict }) => (verdict === null ? UNREADABLE : EXIT[verdict])));
}

function inWords(report: FileReport): string {
  const { project, version } = statedName(report);
  // MicroPython's banner has a date of its own; the core's date says nothing of a sketch.
  const date = report.micropython?.date ?? (project === null ? null : report.date);
  const known = [project, version, report.chip, date].filter((fact) => fact !== null).join(', ');
  return [
    verdictLine(report.file, report.verdict, report.message),
    ...(known === '' ? [] : [`  ${known}`]),
    ...(report.sha256 === null ? [] : [`  ${sizeLine(report.size ?? 0, report.sha256)}`]),
    ...insideInWords(report, '  '),
  ]
    .map(printable)
    .join('\n');
}

function insideInWords(report: FileReport, indent: string): readonly string[] {
  const { inside, notLookedInto = 0, notLookedIntoBecause = null } = report;
  const most = { levels: MOST_LEVELS, files: MOST_FILES };
  const why = notLookedIntoBecause === null ? null : boundInWords(notLookedIntoBecause, most);
  return [
    ...inside.flatMap((inner) => [
      `${indent}${insideLine(inner.name, inner.message)}`,
      ...insideInWords(inner, `${indent}  `),
    ]),
    ...(notLookedInto > 0 ? [`${indent}${notLookedIntoLine(notLookedInto, why)}`] : []),
  ];
}

/** Names come out of files: what would steer the terminal is left out. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '');
}
