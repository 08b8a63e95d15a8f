/**
 * The OTA data partition, which selects the slot to boot, and the order in which a bootloader tries the apps. Source:
 * esp-idf `bootloader_utility.c`.
 */
import { crc32 } from '../bytes/crc32.ts';
import type { PartitionEntry } from '../../model/firmware/inspection.ts';
import { isFilled, u32 } from '../bytes/little-endian.ts';
import type { Bytes } from '../bytes/little-endian.ts';
import { SECTOR } from './sector.ts';

const ERASED = 0xffffffff;
/** States of a slot's image that a bootloader passes over: found invalid, and given up after a trial. */
const PASSED_OVER: readonly number[] = [3, 4];

interface Selection {
  /** Counts up with every switch; which slot it means follows from how many there are. */
  readonly sequence: number;
  /** It is empty, or selects an image that failed. */
  readonly isPassedOver: boolean;
  readonly hasRightCrc: boolean;
}

function readSelection(file: Bytes, at: number): Selection {
  // What lies behind the end of a file was not flashed: it is erased.
  if (at + 32 > file.length) return { sequence: ERASED, isPassedOver: true, hasRightCrc: false };
  const sequence = u32(file, at);
  // The ROM's crc32_le(UINT32_MAX, …) over the sequence number alone.
  const hasRightCrc = crc32(file.subarray(at, at + 4), 0xffffffff) === u32(file, at + 28);
  return { sequence, isPassedOver: sequence === ERASED || PASSED_OVER.includes(u32(file, at + 24)), hasRightCrc };
}

/**
 * Whether a file is the image of an OTA data partition: two sectors, at least one of which has a sequence number with
 * its CRC.
 */
export function isOtadata(file: Bytes): boolean {
  if (file.length !== 2 * SECTOR) return false;
  return [0, SECTOR].some((at) => {
    const { sequence, hasRightCrc } = readSelection(file, at);
    return sequence !== ERASED && isFilled(file, at + 32, at + SECTOR, 0xff) && hasRightCrc;
  });
}

/** Stands for the factory app, which comes before update slot 0. */
const FACTORY = -1;

function slotOf({ subtype }: PartitionEntry): number | null {
  if (subtype === 'factory') return FACTORY;
  const [, number] = /^ota_(\d+)$/.exec(subtype) ?? [];
  return number === undefined ? null : Number(number);
}

/** @param otadataAt where it lies in the file; null where the table has none */
function slotToStart(apps: readonly PartitionEntry[], file: Bytes, otadataAt: number | null): number {
  const slots = apps.filter((app) => (slotOf(app) ?? FACTORY) !== FACTORY).length;
  const first = apps.some((app) => slotOf(app) === FACTORY) ? FACTORY : 0;
  if (otadataAt === null || slots === 0) return first;
  const [latest] = [otadataAt, otadataAt + SECTOR]
    .map((at) => readSelection(file, at))
    .filter(({ isPassedOver, hasRightCrc }) => !isPassedOver && hasRightCrc)
    .sort((a, b) => b.sequence - a.sequence);
  return latest === undefined ? first : ((latest.sequence - 1) >>> 0) % slots;
}

/**
 * A table's apps in the order in which a bootloader tries them: the one that is selected, those before it down to the
 * factory app, those behind it, and what is started by hand only.
 *
 * @param base flash offset minus file offset
 */
export function inBootOrder(
  partitions: readonly PartitionEntry[],
  file: Bytes,
  base: number,
): readonly PartitionEntry[] {
  const apps = partitions.filter(({ type }) => type === 'app');
  const otadata = partitions.find(({ type, subtype }) => type === 'data' && subtype === 'otadata');
  const at = otadata === undefined ? null : otadata.offset - base;
  const start = slotToStart(apps, file, at === null || at < 0 ? null : at);
  const turn = (app: PartitionEntry): number => {
    const slot = slotOf(app);
    if (slot === null) return Infinity;
    return slot <= start ? start - slot : slot + apps.length;
  };
  return apps.toSorted((a, b) => turn(a) - turn(b));
}
