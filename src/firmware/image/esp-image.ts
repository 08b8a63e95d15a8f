/**
 * The image format that all ESP32 chips boot: header, segments, checksum, appended SHA-256.
 * Source: esp-idf `esp_app_format.h` and `esp_image_format.c`. All numbers are little-endian; all offsets here count
 * from the start of the image.
 */
import { chipFacts, chipOf, isFlashMapped } from '../../model/firmware/chips.ts';
import type { ChipRevisions, Segment } from '../../model/firmware/inspection.ts';
import { isFilled, u16, u32 } from '../bytes/little-endian.ts';
import type { Bytes } from '../bytes/little-endian.ts';
import { GLANCE } from '../work.ts';
import type { YieldWhenDue } from '../work.ts';
import { SLICE_BYTES } from '../bytes/yielder.ts';

export const IMAGE_MAGIC = 0xe9;
export const IMAGE_HEADER_BYTES = 24;
const SEGMENT_HEADER_BYTES = 8;
/** The bootloader's own limit. */
const MAX_SEGMENTS = 16;
const MAX_SEGMENT_BYTES = 16 * 1024 * 1024;
const HASH_BYTES = 32;
const CHECKSUM_SEED = 0xef;
/** Where the app descriptor keeps log2 of the flash page; 0 where the build took the chip's default. */
const PAGE_LOG2_AT = 0xd4;

export interface ImageHeader {
  readonly chipId: number;
  readonly segmentCount: number;
  readonly revisions: ChipRevisions;
  /** The raw byte: only 0 and 1 are legal, anything else means that this is another format. */
  readonly hashAppended: number;
}

export type ImageWalk =
  | {
      readonly kind: 'whole';
      readonly segments: readonly Segment[];
      readonly checksumAt: number;
      /** Where the appended hash stands; null where there is none. */
      readonly hashAt: number | null;
      /** The image's own end: whatever follows is padding, a signature, or foreign. */
      readonly end: number;
    }
  | {
      /** `erased`: where its next segment should begin, there is erased flash. */
      readonly kind: 'cut-off' | 'erased' | 'broken';
      readonly segments: readonly Segment[];
      /** Bytes that are missing when it is cut off. */
      readonly missing: number;
      /** Whether `missing` is all of it, or only what can be known. */
      readonly exact: boolean;
    };

export function readImageHeader(image: Bytes): ImageHeader {
  const chipId = u16(image, 12);
  return { chipId, segmentCount: image[1] ?? 0, revisions: readRevisions(image, chipId), hashAppended: image[23] ?? 0 };
}

/** In both of the header's fields and in the descriptor's: 0 and 65535 stand for "no limit". */
export function limitOrNull(revision: number): number | null {
  return revision === 0 || revision === 0xffff ? null : revision;
}

/** The ESP32-C3: the only chip whose old one-byte revision is a minor number. The others' is a major one. */
const COUNTS_MINOR_REVISIONS = 5;

/**
 * Builds older than ESP-IDF 4.4.3 name their lowest revision in byte 14 alone. The newer fields count wherever they are
 * set.
 */
function readRevisions(image: Bytes, chipId: number): ChipRevisions {
  const min = u16(image, 15);
  const max = limitOrNull(u16(image, 17));
  const oldest = image[14] ?? 0;
  if (min !== 0 || max !== null) return { min, max };
  return { min: oldest * (chipId === COUNTS_MINOR_REVISIONS ? 1 : 100), max };
}

function placeOf(chipId: number, address: number): Segment['place'] {
  if (address === 0) return 'padding';
  return isFlashMapped(chipId, address) ? 'flash' : 'ram';
}

/**
 * Where the checksum is, of segments that end at `at`: the last byte of the next block of 16. A header may state any
 * length, so that bit operations on 32 bits would not do.
 */
export function checksumAfter(at: number): number {
  return at - (at % 16) + 15;
}

/** Follows the segments to the end of the image. Reads headers only, so it costs the same for every size. */
export function walkImage(image: Bytes): ImageWalk {
  const { chipId, segmentCount, hashAppended } = readImageHeader(image);
  const segments: Segment[] = [];
  const broken: ImageWalk = { kind: 'broken', segments, missing: 0, exact: false };
  if (segmentCount < 1 || segmentCount > MAX_SEGMENTS || image.length < IMAGE_HEADER_BYTES) return broken;
  let at = IMAGE_HEADER_BYTES;
  for (let index = 0; index < segmentCount; index += 1) {
    const fileOffset = at + SEGMENT_HEADER_BYTES;
    if (fileOffset > image.length) {
      return { kind: 'cut-off', segments, missing: fileOffset - image.length, exact: false };
    }
    const address = u32(image, at);
    const length = u32(image, at + 4);
    if (isFilled(image, at, fileOffset, 0xff)) return { ...broken, kind: 'erased' };
    if (length >= MAX_SEGMENT_BYTES || length % 4 !== 0) return broken;
    segments.push({ index, fileOffset, address, length, place: placeOf(chipId, address) });
    at = fileOffset + length;
    if (at > image.length && index < segmentCount - 1) {
      return { kind: 'cut-off', segments, missing: at - image.length, exact: false };
    }
  }
  const checksumAt = checksumAfter(at);
  const hashAt = hashAppended === 1 ? checksumAt + 1 : null;
  const end = checksumAt + 1 + (hashAt === null ? 0 : HASH_BYTES);
  if (end > image.length) return { kind: 'cut-off', segments, missing: end - image.length, exact: true };
  return { kind: 'whole', segments, checksumAt, hashAt, end };
}

/**
 * What makes an image an app: something in it runs or is read straight from flash. This held for every image looked at.
 */
export function runsFromFlash(segments: readonly Segment[]): boolean {
  return segments.some(({ place, length }) => place === 'flash' && length > 0);
}

/** Mapped data must lie at the same place in its flash page as in its memory page, or the device refuses it. */
export function isPageAligned(image: Bytes, segments: readonly Segment[], hasDescriptor: boolean): boolean {
  const { chipId } = readImageHeader(image);
  // The addresses that an unknown chip maps are a guess, and nothing is refused for a guess.
  if (!chipOf(chipId).known) return true;
  const log2 = hasDescriptor ? (image[PAGE_LOG2_AT] ?? 0) : 0;
  // 8 KiB to 64 KiB is what the chips can map; another number is not a page size.
  const page = log2 >= 13 && log2 <= 16 ? 2 ** log2 : chipFacts(chipId).smallestPage;
  return segments.every(
    ({ place, length, fileOffset, address }) =>
      place !== 'flash' || length === 0 || (address - fileOffset) % page === 0,
  );
}

function xorOf(bytes: Bytes): number {
  let sum = 0;
  if (bytes.byteOffset % 4 !== 0 || bytes.length % 4 !== 0) {
    for (let at = 0, end = bytes.length; at < end; at += 1) sum ^= bytes[at] ?? 0;
    return sum;
  }
  // A view, not a copy; four bytes are folded into one at the end. Signed, so that the engine keeps every number in a
  // register; by index, because an iterator costs ten times as much here.
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  for (let at = 0, end = words.length; at < end; at += 1) sum ^= words[at] ?? 0;
  sum ^= sum >>> 16;
  return (sum ^ (sum >>> 8)) & 0xff;
}

/** The checksum that data should have: 0xEF and every byte, XORed. */
export async function checksumOf(
  image: Bytes,
  data: readonly Pick<Segment, 'fileOffset' | 'length'>[],
  yieldWhenDue: YieldWhenDue,
): Promise<number> {
  let sum = CHECKSUM_SEED;
  for (const { fileOffset, length } of data) {
    for (let at = fileOffset; at < fileOffset + length; at += SLICE_BYTES) {
      const slice = image.subarray(at, Math.min(at + SLICE_BYTES, fileOffset + length));
      sum ^= xorOf(slice);
      await yieldWhenDue(slice.length / GLANCE);
    }
  }
  return sum;
}

/** Whether every byte of [from, to) is `value`: a stretch of erased flash, or of zeros, as tools fill gaps with. */
export async function isStretchOf(
  value: number,
  bytes: Bytes,
  from: number,
  to: number,
  yieldWhenDue: YieldWhenDue,
): Promise<boolean> {
  for (let at = from; at < to; at += SLICE_BYTES) {
    const end = Math.min(at + SLICE_BYTES, to);
    if (!isFilled(bytes, at, end, value)) return false;
    await yieldWhenDue((end - at) / GLANCE);
  }
  return true;
}
