/** What stands at the drawing of a file: the title of each bar, and the name of each stretch of bytes. */
import type { PartitionEntry, Segment } from '../../model/firmware/inspection.ts';
import { counted } from '../kit/locale.ts';
import { bytesInWords } from '../kit/quantities.ts';

export const SEGMENTS = 'Segments of the image';
export const BOOTLOADER_SEGMENTS = 'Segments of its bootloader';
export const BEHIND_SEGMENTS = 'checksum, hash and what follows';
export const IMAGE = 'the image';
export const ROOM_LEFT = 'room left';

/** Many devices are told by their number: names of all would be a list of its own. */
export function slotTitle(slot: string, devices: readonly string[]): string {
  const [first = '', ...others] = devices;
  return `Goes to slot ${slot} of ${others.length === 0 ? first : counted(devices.length, 'device', 'devices')}`;
}

/** @param outerFile name of the file that this one came out of; null where the table is its own */
export function tableTitle(outerFile: string | null): string {
  return outerFile === null ? 'Partition table' : `Partition table of ${outerFile}`;
}

export function segmentName({ index, place }: Segment): string {
  switch (place) {
    case 'padding':
      return 'padding';
    case 'flash':
      return `segment ${index + 1}, runs from flash`;
    case 'ram':
      return `segment ${index + 1}, loaded to RAM`;
  }
}

export function tooBigImageName(excessBytes: number): string {
  return `the image, ${bytesInWords(excessBytes)} too big`;
}

/** @param isSource whether the chosen app was taken from this partition */
export function partitionName({ label, subtype }: PartitionEntry, isSource: boolean): string {
  return `${label} (${subtype})${isSource ? ': the app comes from here' : ''}`;
}
