/** What `moult inspect` found of a file, and of what is inside. */
import { sha256 } from '../../firmware/bytes/digest.ts';
import { takeOut } from '../../firmware/container/inside.ts';
import { inspect } from '../../firmware/inspect.ts';
import type {
  FileTells,
  FirmwareKind,
  InnerFile,
  Inspection,
  MicroPythonBanner,
  Verdict,
} from '../../model/firmware/inspection.ts';
import type { ReasonCode } from '../../model/firmware/finding.ts';
import type { Bound } from '../../model/firmware/taken-out.ts';
import { chipName } from '../../words/firmware/chip-name.ts';
import { notTakenInWords, TOO_LARGE_TO_READ } from '../../words/firmware/files.ts';
import { verdictInWords } from '../../words/firmware/findings.ts';
import { innerFileName } from '../../words/firmware/inner-file.ts';
import { UNPACK_LIMIT_BYTES, Work } from '../../firmware/work.ts';
import type { FileRead } from './read-firmware-file.ts';

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
  /** Every warning, gravest first; where the verdict is "warn", `reason` is the first. */
  readonly warnings: readonly ReasonCode[];
  readonly project: string | null;
  readonly version: string | null;
  readonly date: string | null;
  readonly idfVersion: string | null;
  readonly micropython: MicroPythonBanner | null;
  /** What it will tell of itself once it runs: product, version, release, build; and what else it says to those who know that product. */
  readonly tells: FileTells | null;
  readonly checksumValid: boolean | null;
  readonly hashValid: boolean | null;
  /** Whether it carries a well-formed signature; whether a device trusts it cannot be known here. */
  readonly signed: boolean | null;
  readonly inside: readonly InnerReport[];
  /** How many more files it holds that were not looked into, and why. */
  readonly notLookedInto?: number;
  readonly notLookedIntoBecause?: Bound;
}

/** A file in the file: its place, and what it is. */
export interface InnerReport extends FileReport, Pick<InnerFile, 'how' | 'offset'> {
  /** Its own, or in words what it is. */
  readonly name: string;
}

type Bytes = Uint8Array<ArrayBuffer>;

const NOTHING_KNOWN = {
  size: null,
  sha256: null,
  kind: null,
  chip: null,
  chipId: null,
  verdict: null,
  warnings: [],
  project: null,
  version: null,
  date: null,
  idfVersion: null,
  micropython: null,
  tells: null,
  checksumValid: null,
  hashValid: null,
  signed: null,
  inside: [],
} as const;

/** @param file as it was named in the call */
export async function reportOn(file: string, read: FileRead, work = new Work()): Promise<FileReport> {
  switch (read.kind) {
    case 'read':
      return work.holding(read.bytes.length, () => told(file, read.bytes, 0, work));
    case 'too-large':
      return {
        ...{ ...NOTHING_KNOWN, file, size: read.size, verdict: 'refuse' },
        ...{ reason: read.kind, message: TOO_LARGE_TO_READ },
      };
    case 'unreadable':
      return { ...NOTHING_KNOWN, file, reason: read.kind, message: read.said };
  }
}

/** Bytes that taking a file out adds to what is in memory: a slice is a view of the file that it lies in. */
function bytesAdded({ how, size }: InnerFile): number {
  return how === 'partition' ? 0 : (size ?? UNPACK_LIMIT_BYTES);
}

async function reportOnInside(
  file: string,
  bytes: Bytes,
  { inside }: Inspection,
  level: number,
  work: Work,
): Promise<Pick<FileReport, 'inside' | 'notLookedInto' | 'notLookedIntoBecause'>> {
  const reports: InnerReport[] = [];
  for (const inner of inside) {
    const added = bytesAdded(inner);
    const bound = work.admitFile(level, added);
    if (bound !== null) {
      return { inside: reports, notLookedInto: inside.length - reports.length, notLookedIntoBecause: bound };
    }
    const { how, offset, size } = inner;
    const report = await work.holding(added, async () => {
      const taken = await takeOut(bytes, inner, { work, room: work.roomOf(level) });
      if (taken.kind === 'taken') return told(file, taken.bytes, level, work);
      return { ...NOTHING_KNOWN, file, size, reason: taken.kind, message: notTakenInWords(taken) };
    });
    reports.push({ name: innerFileName(inner), how, offset, ...report });
  }
  return { inside: reports };
}

/** @param level how many files this one was taken out of */
async function told(file: string, bytes: Bytes, level: number, work: Work): Promise<FileReport> {
  const inspection = await inspect(bytes, { work });
  const { chip, kind, verdict, finding, warnings, project, version, date, idfVersion, micropython } = inspection;
  const { checksumValid, hashValid, signature, tells = null } = inspection;
  work.add(bytes.length);
  return {
    file,
    size: bytes.length,
    sha256: await sha256(bytes),
    kind,
    chip: chip && chipName(chip.id),
    chipId: chip?.id ?? null,
    verdict,
    reason: finding.reason,
    message: verdictInWords(inspection),
    warnings: warnings.map(({ reason }) => reason),
    project,
    version,
    date,
    idfVersion,
    micropython,
    tells,
    checksumValid,
    hashValid,
    signed: signature?.wellFormed ?? (kind === 'app' || kind === 'bootloader' ? false : null),
    ...(await reportOnInside(file, bytes, inspection, level + 1, work)),
  };
}
