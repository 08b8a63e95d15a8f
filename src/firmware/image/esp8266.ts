/**
 * The ESP8266's files. They begin with the same byte as the ESP32's; the rest has another layout. Source: esptool
 * `bin_image.py`; Arduino's `elf2bin.py`, `Updater.cpp` and `eboot.c`.
 */
import { checksumAfter, checksumOf } from './esp-image.ts';
import type { Segment } from '../../model/firmware/inspection.ts';
import { startsWith, u32 } from '../bytes/little-endian.ts';
import type { Bytes } from '../bytes/little-endian.ts';
import { crc32Forward } from '../bytes/crc32-forward.ts';
import type { YieldWhenDue } from '../work.ts';

const MAGIC = 0xe9;
const HEADER_BYTES = 8;
const SEGMENT_HEADER_BYTES = 8;
const MAX_SEGMENTS = 16;
type Range = readonly [from: number, to: number];
const IROM: Range = [0x40200000, 0x40400000];
/** Data RAM, instruction RAM, and what is mapped from flash. */
const RANGES: readonly Range[] = [[0x3ffe8000, 0x40000000], [0x40100000, 0x40110000], IROM];

/** Arduino's files have their boot part in the first sector of flash, and the app behind it. */
const APP_AT = 0x1000;
/** Where the core stores the length and the CRC of the whole file, since version 3. */
const STATED: Range = [APP_AT + 16, APP_AT + 24];

/** By the high half of a header's fourth byte. */
const FLASH_KB: Readonly<Record<number, number>> = { 0: 512, 1: 256, 2: 1024, 3: 2048, 4: 4096, 8: 8192, 9: 16384 };

/** Where an image ends, or how much of it is missing. */
type Walk =
  | { readonly kind: 'whole'; readonly segments: readonly Segment[]; readonly checksumAt: number }
  /** `exact`: whether `missing` is all of it, or the least. */
  | {
      readonly kind: 'cut-off';
      readonly segments: readonly Segment[];
      readonly missing: number;
      readonly exact: boolean;
    };

export interface Esp8266Image {
  /**
   * `arduino`: a boot part and an app. `alone`: one image of the older form. `sdk`: the later form, which only the boot
   * loaders of Espressif's own SDK take.
   */
  readonly form: 'arduino' | 'alone' | 'sdk';
  readonly segments: readonly Segment[];
  /**
   * Whether the checksums in it are right, or the CRC of the whole file where it has one. Null where the file ends
   * before them.
   */
  readonly checksumValid: boolean | null;
  /** Bytes that are missing at its end; null: none. */
  readonly missing: { readonly bytes: number; readonly exact: boolean } | null;
  /** Where the image ends; what follows is not its own. */
  readonly end: number;
  /** Size of the whole flash, as its header states it; null: it states no size that is known. */
  readonly flashBytes: number | null;
  /** Whether anything in it runs from flash. A boot part alone does not. */
  readonly isApp: boolean;
}

function isIn(address: number, [from, to]: Range): boolean {
  return address >= from && address < to;
}

/** Follows an image at `start`. Null where it is none. */
function walk(file: Bytes, start: number): Walk | null {
  const count = file[start + 1] ?? 0;
  if (file[start] !== MAGIC || count < 1 || count > MAX_SEGMENTS) return null;
  let at = start + HEADER_BYTES;
  const segments: Segment[] = [];
  for (let index = 0; index < count; index += 1) {
    const fileOffset = at + SEGMENT_HEADER_BYTES;
    if (fileOffset > file.length) {
      return index === 0 ? null : { kind: 'cut-off', segments, missing: fileOffset - file.length, exact: false };
    }
    const address = u32(file, at);
    const length = u32(file, at + 4);
    if (!RANGES.some((range) => isIn(address, range))) return null;
    segments.push({ index, fileOffset, address, length, place: isIn(address, IROM) ? 'flash' : 'ram' });
    at = fileOffset + length;
    if (at > file.length && index < count - 1) {
      return { kind: 'cut-off', segments, missing: at - file.length, exact: false };
    }
  }
  const checksumAt = start + checksumAfter(at - start);
  if (checksumAt < file.length) return { kind: 'whole', segments, checksumAt };
  return { kind: 'cut-off', segments, missing: checksumAt + 1 - file.length, exact: true };
}

/** Whether the checksum is right, which is made as the ESP32's is. Null where the file is cut off. */
async function isChecksumRight(file: Bytes, whole: Walk, yieldWhenDue: YieldWhenDue): Promise<boolean | null> {
  if (whole.kind !== 'whole') return null;
  return file[whole.checksumAt] === (await checksumOf(file, whole.segments, yieldWhenDue));
}

/** The image at `start`. Null where there is none. */
async function imageAt(
  file: Bytes,
  start: number,
  form: Esp8266Image['form'],
  yieldWhenDue: YieldWhenDue,
): Promise<Esp8266Image | null> {
  const walked = walk(file, start);
  if (walked === null) return null;
  const { segments } = walked;
  const end = walked.kind === 'whole' ? walked.checksumAt + 1 : file.length;
  const kilobytes = FLASH_KB[(file[3] ?? 0) >> 4];
  return {
    ...{ form, segments, end },
    checksumValid: await isChecksumRight(file, walked, yieldWhenDue),
    missing: walked.kind === 'whole' ? null : { bytes: walked.missing, exact: walked.exact },
    flashBytes: kilobytes === undefined ? null : kilobytes * 1024,
    isApp: form === 'sdk' || segments.some(({ place, length }) => place === 'flash' && length > 0),
  };
}

/** Whether the CRC of the whole file is right; null where the file has none, as with older cores. */
async function isCrcRight(file: Bytes, { end }: Esp8266Image, yieldWhenDue: YieldWhenDue): Promise<boolean | null> {
  const [at] = STATED;
  // Older cores have code here, which equals the length of the file only by chance.
  if (u32(file, at) !== end || end > file.length) return null;
  return (await crc32Forward(file.subarray(0, end), STATED, yieldWhenDue)) === u32(file, at + 4);
}

/** Where its first image is: in the later form the part that is mapped from flash comes before it. */
function startOf(file: Bytes): number {
  return startsWith(file, 0, [0xea, 0x04]) ? 16 + u32(file, 12) : 0;
}

/** Whether the file is one of the ESP8266's. */
export function isEsp8266(file: Bytes): boolean {
  return walk(file, startOf(file)) !== null;
}

/** Null where the file is none of the ESP8266's. */
export async function readEsp8266(file: Bytes, yieldWhenDue: YieldWhenDue): Promise<Esp8266Image | null> {
  const start = startOf(file);
  if (start > 0) return imageAt(file, start, 'sdk', yieldWhenDue);
  const boot = await imageAt(file, 0, 'alone', yieldWhenDue);
  if (boot === null || boot.isApp || boot.end > APP_AT) return boot;
  const app = await imageAt(file, APP_AT, 'arduino', yieldWhenDue);
  if (app === null) return boot;
  const crc = await isCrcRight(file, app, yieldWhenDue);
  // The CRC is written over bytes that the checksum has counted already.
  return { ...app, checksumValid: crc ?? (boot.checksumValid === true ? app.checksumValid : boot.checksumValid) };
}
