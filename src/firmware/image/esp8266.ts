/**
 * The ESP8266's files. They begin with the same byte as the ESP32's and mean something else by the rest.
 * Source: esptool `bin_image.py`.
 */
import { checksumOf } from './esp-image.ts';
import type { Segment } from '../../model/firmware/inspection.ts';
import { startsWith, u32 } from '../bytes/little-endian.ts';
import type { Bytes } from '../bytes/little-endian.ts';
import type { YieldWhenDue } from '../work.ts';

const HEADER_BYTES = 8;
const SEGMENT_HEADER_BYTES = 8;
const MAX_SEGMENTS = 16;
/** Instruction and data RAM, the boot part's corner above it, and what is mapped from flash. */
const RANGES: readonly (readonly [number, number])[] = [
  [0x3ffe8000, 0x40000000],
  [0x40100000, 0x40110000],
  [0x40200000, 0x40400000],
];

export interface Esp8266Image {
  readonly form: 'v1' | 'v2';
  /** Null where the file ends before it. */
  readonly checksumValid: boolean | null;
}

function isAddress(address: number): boolean {
  return RANGES.some(([from, to]) => address >= from && address < to);
}

/** Follows a V1 image at `start`: undefined where it is none, else its checksum as in `Esp8266Image`. */
async function walk(file: Bytes, start: number, yieldWhenDue: YieldWhenDue): Promise<boolean | null | undefined> {
  const count = file[start + 1] ?? 0;
  if (file[start] !== 0xe9 || count < 1 || count > MAX_SEGMENTS) return undefined;
  let at = start + HEADER_BYTES;
  const segments: Pick<Segment, 'fileOffset' | 'length'>[] = [];
  for (let index = 0; index < count; index += 1) {
    const data = at + SEGMENT_HEADER_BYTES;
    const end = data + u32(file, at + 4);
    if (data > file.length) return index === 0 ? undefined : null;
    if (!isAddress(u32(file, at))) return undefined;
    if (end > file.length) return null;
    segments.push({ fileOffset: data, length: end - data });
    at = end;
  }
  const checksumAt = start + (((at - start + 16) & ~15) - 1);
  if (checksumAt >= file.length) return null;
  // Both chips sum up alike.
  return file[checksumAt] === (await checksumOf(file, segments, yieldWhenDue));
}

/** Null where the file is none of the ESP8266's. */
export async function readEsp8266(file: Bytes, yieldWhenDue: YieldWhenDue): Promise<Esp8266Image | null> {
  if (startsWith(file, 0, [0xea, 0x04])) {
    // The part that is mapped from flash comes first, then an image of the older form.
    const checksumValid = await walk(file, 16 + u32(file, 12), yieldWhenDue);
    return checksumValid === undefined ? null : { form: 'v2', checksumValid };
  }
  const checksumValid = await walk(file, 0, yieldWhenDue);
  return checksumValid === undefined ? null : { form: 'v1', checksumValid };
}
