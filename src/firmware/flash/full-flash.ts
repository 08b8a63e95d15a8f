/**
 * Full-flash ("merged", "factory") files: a bootloader, a partition table, and usually an app at its partition. Their
 * start is a valid image, so magic, checksum and hash do not tell them from an app; the partition table does.
 */
import { isAppImage } from '../image/app-descriptor.ts';
import { chipFacts, chipOf } from '../../model/firmware/chips.ts';
import { IMAGE_MAGIC, readImageHeader, walkImage } from '../image/esp-image.ts';
import type { ImageWalk } from '../image/esp-image.ts';
import type { Chip, PartitionEntry } from '../../model/firmware/inspection.ts';
import { endOfLeadIn } from './lead-in.ts';
import type { Bytes } from '../bytes/little-endian.ts';
import { inBootOrder } from './otadata.ts';
import { readPartitionTable } from './partition-table.ts';
import type { YieldWhenDue } from '../work.ts';
import { SECTOR } from './sector.ts';

/** Where ESP-IDF puts the table unless told otherwise. */
const USUAL_TABLE_AT = 0x8000;
/** A bootloader that grew can push the table this far; it always starts a sector. */
const LAST_TABLE_AT = 0x20000;
/** Where chips keep their bootloader. */
const BOOTLOADER_PLACES = [0, 0x1000, 0x2000];

export interface FullFlash {
  /** Where the bootloader starts in the file; null where the file begins with the table. */
  readonly bootloaderAt: number | null;
  /** Null where there is no bootloader to tell. */
  readonly chip: Chip | null;
  /** Flash offset minus file offset, for everything in the file. */
  readonly base: number;
  readonly partitions: readonly PartitionEntry[];
}

/** Table places to try, in the file: the usual one trusts its magic, the others must have the right MD5. */
function* tablePlaces(bootloaderAt: number, chipId: number): Generator<{ at: number; base: number; usual: boolean }> {
  // Where a chip that is not known here starts is not known either.
  const own = chipOf(chipId).known ? [chipFacts(chipId).bootloaderAt, 0] : BOOTLOADER_PLACES;
  const bases = bootloaderAt === 0 ? [...new Set(own)] : [0];
  for (const base of bases) yield { at: USUAL_TABLE_AT - base, base, usual: true };
  for (let at = SECTOR; at <= LAST_TABLE_AT; at += SECTOR) yield { at, base: bases[0] ?? 0, usual: false };
}

function behindBootloader(file: Bytes, bootloaderAt: number): FullFlash | null {
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

/** Flash from its table on, as it is read or written without the bootloader: where there are apps in it. */
function fromTable(file: Bytes, at: number): FullFlash | null {
  if (at !== 0 && at !== USUAL_TABLE_AT) return null;
  const table = readPartitionTable(file, at);
  if (table === null) return null;
  const flash = { bootloaderAt: null, chip: null, base: USUAL_TABLE_AT - at, partitions: table.entries };
  return appsInside(file, flash).length === 0 ? null : flash;
}

export async function findFullFlash(file: Bytes, yieldWhenDue: YieldWhenDue): Promise<FullFlash | null> {
  const start = (await endOfLeadIn(file, yieldWhenDue)) ?? 0;
  return file[start] === IMAGE_MAGIC ? behindBootloader(file, start) : fromTable(file, start);
}

export interface AppInside {
  readonly label: string;
  /** Where it starts in the file. */
  readonly at: number;
  /** From its start to the end of its partition, or of the file: a view. */
  readonly room: Bytes;
  readonly walk: ImageWalk;
}

/** The apps at their partitions, the one first that the device would start; whole or cut off. */
export function appsInside(file: Bytes, { partitions, base }: FullFlash): readonly AppInside[] {
  return inBootOrder(partitions, file, base).flatMap(({ label, offset, size }) => {
    const at = offset - base;
    if (at < 0 || file[at] !== IMAGE_MAGIC) return [];
    const room = file.subarray(at, at + size);
    const walk = walkImage(room);
    return isAppImage(room, walk.segments) ? [{ label, at, room, walk }] : [];
  });
}
