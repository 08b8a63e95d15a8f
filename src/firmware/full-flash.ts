/**
 * Full-flash ("merged", "factory") files: a bootloader, a partition table, and usually an app at its partition. Their
 * start is a valid image, so magic, checksum and hash do not tell them from an app; the partition table does.
 */
import { isAppImage } from './app-descriptor.ts';
import { chipFacts, chipOf } from './chips.ts';
import { IMAGE_MAGIC, readImageHeader, walkImage } from './esp-image.ts';
import type { ImageWalk } from './esp-image.ts';
import type { Chip, PartitionEntry } from './inspection.ts';
import { isFilled } from './little-endian.ts';
import type { Bytes } from './little-endian.ts';
import { readPartitionTable } from './partition-table.ts';

/** Where ESP-IDF puts the table unless told otherwise. */
const USUAL_TABLE_AT = 0x8000;
/** A bootloader that grew can push the table this far; it always starts a sector. */
const LAST_TABLE_AT = 0x20000;
const SECTOR = 0x1000;
/** Where bootloaders start in flash when it is not at 0; what lies before is erased. */
const LEAD_INS = [0x1000, 0x2000];

export interface FullFlash {
  /** Where the bootloader starts in the file. */
  readonly bootloaderAt: number;
  readonly chip: Chip;
  /** Flash offset minus file offset, for everything in the file. */
  readonly base: number;
  readonly partitions: readonly PartitionEntry[];
}

/** A file that begins with erased flash and has an image behind it; null for every other. */
export function imageAfterLeadIn(file: Bytes): number | null {
  if (file[0] !== 0xff) return null;
  return LEAD_INS.find((at) => file[at] === IMAGE_MAGIC && isFilled(file, 0, at, 0xff)) ?? null;
}

/** Table places to try, in the file: the usual one trusts its magic, the others must have the right MD5. */
function* tablePlaces(bootloaderAt: number, chipId: number): Generator<{ at: number; base: number; usual: boolean }> {
  // Where a chip that is not known here starts is not known either.
  const own = chipOf(chipId).known ? [chipFacts(chipId).bootloaderAt, 0] : [0, ...LEAD_INS];
  const bases = bootloaderAt === 0 ? [...new Set(own)] : [0];
  for (const base of bases) yield { at: USUAL_TABLE_AT - base, base, usual: true };
  for (let at = SECTOR; at <= LAST_TABLE_AT; at += SECTOR) yield { at, base: bases[0] ?? 0, usual: false };
}

export function findFullFlash(file: Bytes): FullFlash | null {
  const bootloaderAt = file[0] === IMAGE_MAGIC ? 0 : imageAfterLeadIn(file);
  if (bootloaderAt === null) return null;
  const bootloader = file.subarray(bootloaderAt);
  // A table inside of an app's own segments is data of the app.
  if (isAppImage(bootloader, walkImage(bootloader).segments)) return null;
  const { chipId } = readImageHeader(bootloader);
  for (const { at, base, usual } of tablePlaces(bootloaderAt, chipId)) {
    const table = readPartitionTable(file, at);
    if (table === null || (!usual && table.md5Valid !== true)) continue;
    return { bootloaderAt, chip: chipOf(chipId), base, partitions: table.entries };
  }
  return null;
}

export interface AppInside {
  readonly label: string;
  /** Where it starts in the file. */
  readonly at: number;
  /** From its start to the end of its partition, or of the file: a view. */
  readonly room: Bytes;
  readonly walk: ImageWalk;
}

/** The apps at their partitions, in the order of the table, whole or cut off. */
export function appsInside(file: Bytes, flash: FullFlash): readonly AppInside[] {
  return flash.partitions.flatMap(({ type, label, offset, size }) => {
    const at = offset - flash.base;
    if (type !== 'app' || at < 0 || file[at] !== IMAGE_MAGIC) return [];
    const room = file.subarray(at, at + size);
    const walk = walkImage(room);
    return isAppImage(room, walk.segments) ? [{ label, at, room, walk }] : [];
  });
}
