/** `moult inspect`: what a file is, for people and for build scripts, with the page's own inspector. */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { sha256 } from '../firmware/digest.ts';
import { takeOut } from '../firmware/inside.ts';
import { inspect } from '../firmware/inspect.ts';
import type { FirmwareKind, InnerFile, Inspection, MicroPythonBanner, Verdict } from '../firmware/inspection.ts';
import { statedName } from '../firmware/stated-name.ts';
import { parsed, UsageError } from './usage.ts';

export const INSPECT_USAGE = `moult inspect FILE…        say what each file is, and whether a device can take it
  --json                   an array with one object for each file
  exit status              0 all accepted, 1 a warning, 2 a refusal, 3 a file that cannot be read`;

/** What was found; null where it is unknown, or the file has no such thing. */
export interface FileReport {
  /** As it was named in the call. */
  readonly file: string;
  readonly size: number | null;
  readonly sha256: string | null;
  readonly kind: FirmwareKind | null;
  /** "ESP32-S3" */
  readonly chip: string | null;
  readonly chipId: number | null;
  /** Null: the file could not be read; `message` says why. */
  readonly verdict: Verdict | null;
  readonly reason: string;
  readonly message: string;
  readonly project: string | null;
  readonly version: string | null;
  readonly date: string | null;
  readonly idfVersion: string | null;
  readonly micropython: MicroPythonBanner | null;
  readonly checksumValid: boolean | null;
  readonly hashValid: boolean | null;
  /** Whether it carries a well-formed signature; whether a device trusts it cannot be known here. */
  readonly signed: boolean | null;
  readonly inside: readonly InnerReport[];
  /** How many more files it holds that were not looked into, because they are too many or too deep. */
  readonly notLookedInto?: number;
}

/** A file in the file: its place, and what it is. */
export interface InnerReport extends FileReport, Pick<InnerFile, 'name' | 'how' | 'offset'> {}

const UNREADABLE = 3;
const EXIT: Readonly<Record<Verdict, number>> = { accept: 0, warn: 1, refuse: 2 };
/** A ZIP may hold hundreds of entries that start like firmware; a build script asks about a few. */
const INNER_MOST = 32;
/** An archive in an archive, the full-flash file in that, and its app: nobody packs deeper by intent. */
const DEEPEST = 3;

const NOTHING_KNOWN = {
  size: null,
  sha256: null,
  kind: null,
  chip: null,
  chipId: null,
  verdict: null,
  project: null,
  version: null,
  date: null,
  idfVersion: null,
  micropython: null,
  checksumValid: null,
  hashValid: null,
  signed: null,
  inside: [],
} as const;

export type Print = (text: string) => void;

export async function inspectCommand(args: readonly string[], print: Print = console.log): Promise<number> {
  const { values, positionals } = parsed(() =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false } },
    }),
  );
  if (positionals.length === 0) throw new UsageError('inspect needs a file: moult inspect FILE…');
  const reports: FileReport[] = [];
  for (const file of positionals) {
    const report = await reportOn(file);
    reports.push(report);
    if (!values.json) print(inWords(report));
  }
  if (values.json) print(JSON.stringify(reports, null, 2));
  return Math.max(...reports.map(({ verdict }) => (verdict === null ? UNREADABLE : EXIT[verdict])));
}

/** Reads and judges one file; never rejects. */
export async function reportOn(file: string): Promise<FileReport> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    const { buffer, byteOffset, length } = await readFile(file);
    bytes = new Uint8Array(buffer, byteOffset, length);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ...NOTHING_KNOWN, file, reason: 'unreadable', message };
  }
  return told(file, bytes, 0);
}

async function reportOnInside(
  file: string,
  bytes: Uint8Array<ArrayBuffer>,
  { inside }: Inspection,
  depth: number,
): Promise<Pick<FileReport, 'inside' | 'notLookedInto'>> {
  const reports: InnerReport[] = [];
  for (const inner of depth < DEEPEST ? inside.slice(0, INNER_MOST) : []) {
    const { name, how, offset, size } = inner;
    const taken = await takeOut(bytes, inner);
    const report = taken.ok
      ? await told(file, taken.bytes, depth + 1)
      : { ...NOTHING_KNOWN, file, size, reason: taken.why, message: taken.message };
    reports.push({ name, how, offset, ...report });
  }
  const more = inside.length - reports.length;
  return { inside: reports, ...(more > 0 ? { notLookedInto: more } : {}) };
}

/** `depth`: how many files this one was taken out of. */
async function told(file: string, bytes: Uint8Array<ArrayBuffer>, depth: number): Promise<FileReport> {
  const inspection = await inspect(bytes);
  const { chip, kind, verdict, reason, message, project, version, date, idfVersion, micropython } = inspection;
  const { checksumValid, hashValid, signature } = inspection;
  return {
    file,
    size: bytes.length,
    sha256: await sha256(bytes),
    kind,
    chip: chip?.name ?? null,
    chipId: chip?.id ?? null,
    verdict,
    reason,
    message,
    project,
    version,
    date,
    idfVersion,
    micropython,
    checksumValid,
    hashValid,
    signed: signature?.wellFormed ?? (kind === 'app' || kind === 'bootloader' ? false : null),
    ...(await reportOnInside(file, bytes, inspection, depth)),
  };
}

const VERDICT_WORDS: Readonly<Record<Verdict, string>> = { accept: 'Accepted', warn: 'Warning', refuse: 'Refused' };

function inWords(report: FileReport): string {
  const { verdict } = report;
  const { project, version } = statedName(report);
  // MicroPython's banner has a date of its own; the core's date says nothing of a sketch.
  const date = report.micropython?.date ?? (project === null ? null : report.date);
  const known = [project, version, report.chip, date].filter((fact) => fact !== null).join(', ');
  return [
    `${report.file}: ${verdict === null ? 'Cannot be read' : VERDICT_WORDS[verdict]}. ${report.message}`,
    ...(known === '' ? [] : [`  ${known}`]),
    ...(report.sha256 === null ? [] : [`  ${report.size ?? 0} bytes, SHA-256 ${report.sha256}`]),
    ...insideInWords(report, '  '),
  ]
    .map(printable)
    .join('\n');
}

function insideInWords({ inside, notLookedInto = 0 }: FileReport, indent: string): readonly string[] {
  return [
    ...inside.flatMap((inner) => [
      `${indent}inside: ${inner.name}. ${inner.message}`,
      ...insideInWords(inner, `${indent}  `),
    ]),
    ...(notLookedInto > 0 ? [`${indent}inside: ${notLookedInto} more, not looked into.`] : []),
  ];
}

/** Names come out of files: what would steer the terminal is left out. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '');
}
