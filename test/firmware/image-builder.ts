/**
 * Builds firmware images for the tests of all rooms. It implements the format a second time, on purpose and without
 * importing the project's own reader, so that one error cannot hide in both.
 */
import { sha256, sha384 } from '@noble/hashes/sha2.js';
import { joined } from '../../src/simulator/whole/joined.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

/** Per chip: its id, the flash offset of its bootloader, and one address each of mapped data, mapped code and RAM. */
export const CHIPS = {
  ESP32: { id: 0, bootloaderAt: 0x1000, drom: 0x3f400000, irom: 0x400d0000, ram: 0x3ffb0000 },
  'ESP32-S2': { id: 2, bootloaderAt: 0x1000, drom: 0x3f000000, irom: 0x40080000, ram: 0x3ffc0000 },
  'ESP32-C3': { id: 5, bootloaderAt: 0, drom: 0x3c000000, irom: 0x42000000, ram: 0x3fc80000 },
  'ESP32-S3': { id: 9, bootloaderAt: 0, drom: 0x3c000000, irom: 0x42000000, ram: 0x3fc88000 },
  'ESP32-C2': { id: 12, bootloaderAt: 0, drom: 0x3c000000, irom: 0x42000000, ram: 0x3fca0000 },
  'ESP32-C6': { id: 13, bootloaderAt: 0, drom: 0x42000000, irom: 0x42010000, ram: 0x40800000 },
  'ESP32-P4': { id: 18, bootloaderAt: 0x2000, drom: 0x48000000, irom: 0x40000000, ram: 0x4ff00000 },
  'ESP32-C5': { id: 23, bootloaderAt: 0x2000, drom: 0x42000000, irom: 0x42010000, ram: 0x40800000 },
} as const;
export type ChipName = keyof typeof CHIPS;

export const SECTOR = 4096;
const PAGE = 0x10000;
const HEADER = 24;
const HASH = 32;

export const concat = (...parts: readonly Uint8Array[]): Bytes => joined(parts);

export const filled = (length: number, value: number): Bytes => new Uint8Array(length).fill(value);

export const text = (words: string): Bytes => new TextEncoder().encode(words);

/** Pseudo-random bytes (xorshift32), the same for the same seed. */
export function noise(length: number, seed = 1): Bytes {
  const bytes = new Uint8Array(length);
  let state = seed >>> 0 || 1;
  for (let i = 0; i < length; i += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

export function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function padTo(bytes: Uint8Array, multiple: number, value = 0xff): Bytes {
  return concat(bytes, filled((multiple - (bytes.length % multiple)) % multiple, value));
}

const CRC_OF_BYTE = Uint32Array.from({ length: 256 }, (_, byte) =>
  Array.from({ length: 8 }).reduce<number>((crc) => (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0), byte),
);

export function crc32(bytes: Uint8Array, seed = 0): number {
  const crc = bytes.reduce((sum, byte) => (sum >>> 8) ^ (CRC_OF_BYTE[(sum ^ byte) & 0xff] ?? 0), ~seed);
  return ~crc >>> 0;
}

export interface SegmentRecipe {
  readonly address: number;
  readonly data: Uint8Array;
}

export interface ImageRecipe {
  readonly chipId: number;
  readonly segments: readonly SegmentRecipe[];
  readonly hash?: boolean;
  /** major * 100 + minor. */
  readonly minRevision?: number;
  readonly maxRevision?: number;
  /** The header byte with flash speed (low nibble) and size (high nibble). */
  readonly flash?: number;
}

/** Any image: header, segments, checksum, and the appended hash unless `hash` is false. */
export function buildImage(recipe: ImageRecipe): Bytes {
  const header = new Uint8Array(HEADER);
  const head = view(header);
  header[0] = 0xe9;
  header[1] = recipe.segments.length;
  header[2] = 2;
  header[3] = recipe.flash ?? 0x20;
  head.setUint32(4, recipe.segments.at(-1)?.address ?? 0, true);
  header[8] = 0xee;
  head.setUint16(12, recipe.chipId, true);
  head.setUint16(15, recipe.minRevision ?? 0, true);
  head.setUint16(17, recipe.maxRevision ?? 0xffff, true);
  header[23] = recipe.hash === false ? 0 : 1;
  const parts: Uint8Array[] = [header];
  let sum = 0xef;
  for (const { address, data } of recipe.segments) {
    const segment = new Uint8Array(8);
    view(segment).setUint32(0, address, true);
    view(segment).setUint32(4, data.length, true);
    parts.push(segment, data);
    for (const byte of data) sum ^= byte;
  }
  const body = concat(...parts);
  const padded = concat(body, filled((Math.floor(body.length / 16) + 1) * 16 - body.length, 0));
  padded[padded.length - 1] = sum;
  return recipe.hash === false ? padded : concat(padded, sha256(padded));
}

export interface DescriptorRecipe {
  readonly project?: string;
  readonly version?: string;
  readonly date?: string;
  readonly time?: string;
  readonly idfVersion?: string;
  readonly secureVersion?: number;
  readonly elfSha256?: Uint8Array;
}

/** The app descriptor: the 256 bytes that name an app. */
export function buildDescriptor(recipe: DescriptorRecipe = {}): Bytes {
  const bytes = new Uint8Array(256);
  const put = (at: number, room: number, words: string): void => bytes.set(text(words).subarray(0, room), at);
  view(bytes).setUint32(0, 0xabcd5432, true);
  view(bytes).setUint32(4, recipe.secureVersion ?? 0, true);
  put(0x10, 32, recipe.version ?? '1.0.0');
  put(0x30, 32, recipe.project ?? 'blink');
  put(0x50, 16, recipe.time ?? '12:34:56');
  put(0x60, 16, recipe.date ?? 'Jun  2 2024');
  put(0x70, 32, recipe.idfVersion ?? 'v5.4.1');
  bytes.set(recipe.elfSha256 ?? noise(32, 7), 0x90);
  return bytes;
}

export interface AppRecipe extends DescriptorRecipe {
  readonly chip?: ChipName;
  /** Overrides the id in the header, not the addresses. */
  readonly chipId?: number;
  /** Bytes of the finished file; a multiple of 16, at least 1024. */
  readonly sizeBytes?: number;
  readonly descriptor?: boolean;
  readonly hash?: boolean;
  readonly minRevision?: number;
  readonly maxRevision?: number;
  readonly flash?: number;
  /** Text that ends up somewhere in the read-only data, followed by a NUL. */
  readonly strings?: readonly string[];
  /** Whether it names its interpreter anywhere, as a MicroPython build does even without a banner. By default it does. */
  readonly python?: boolean;
  /** Varies the contents: two apps of the same recipe are the same file. */
  readonly seed?: number;
  /** An address-0 and a zero-length segment, as real apps have them. */
  readonly oddSegments?: boolean;
}

/** An app as an ESP-IDF build leaves it: valid checksum, appended hash, 4 KiB by default. */
export function buildApp(recipe: AppRecipe = {}): Bytes {
  const chip = CHIPS[recipe.chip ?? 'ESP32'];
  const size = recipe.sizeBytes ?? SECTOR;
  const words = [...(recipe.strings ?? []), ...(recipe.python === false ? [] : ['micropython'])];
  const strings = concat(...words.map((one) => text(`${one}\0`)));
  const rodata = padTo(concat(recipe.descriptor === false ? filled(256, 0) : buildDescriptor(recipe), strings), 4, 0);
  const ram = noise(64, (recipe.seed ?? 1) + 1);
  const odd =
    recipe.oddSegments === true
      ? [
          { address: 0, data: noise(32, 3) },
          { address: chip.ram, data: new Uint8Array(0) },
        ]
      : [];
  const before = HEADER + 8 + rodata.length + 8 + ram.length + odd.reduce((sum, { data }) => sum + 8 + data.length, 0);
  const codeAt = before + 8;
  // The checksum takes the last byte of a 16-byte block of its own.
  const codeLength = size - (recipe.hash === false ? 0 : HASH) - 16 - codeAt;
  if (size % 16 !== 0 || codeLength < 4) throw new RangeError(`An app cannot be ${size} bytes`);
  return buildImage({
    chipId: recipe.chipId ?? chip.id,
    segments: [
      { address: chip.drom + HEADER + 8, data: rodata },
      { address: chip.ram, data: ram },
      ...odd,
      { address: chip.irom + (codeAt % PAGE), data: noise(codeLength, recipe.seed ?? 1) },
    ],
    hash: recipe.hash ?? true,
    minRevision: recipe.minRevision ?? 0,
    maxRevision: recipe.maxRevision ?? 0xffff,
    flash: recipe.flash ?? 0x20,
  });
}

/** Makes checksum and appended hash right again after bytes of an image were changed. */
export function resealed(image: Uint8Array): Bytes {
  const copy = Uint8Array.from(image);
  const data = view(copy);
  let at = HEADER;
  let sum = 0xef;
  for (let i = 0; i < (copy[1] ?? 0); i += 1) {
    const length = data.getUint32(at + 4, true);
    for (const byte of copy.subarray(at + 8, at + 8 + length)) sum ^= byte;
    at += 8 + length;
  }
  const checksumAt = (Math.floor(at / 16) + 1) * 16 - 1;
  copy[checksumAt] = sum;
  if (copy[23] === 1) copy.set(sha256(copy.subarray(0, checksumAt + 1)), checksumAt + 1);
  return copy;
}

/** A copy with some bytes set: `patched(image, { 12: 9 })`. */
export function patched(image: Uint8Array, changes: Readonly<Record<number, number>>): Bytes {
  const copy = Uint8Array.from(image);
  for (const [at, value] of Object.entries(changes)) copy[Number(at)] = value;
  return copy;
}

export interface BootloaderRecipe {
  readonly chip?: ChipName;
  readonly chipId?: number;
  readonly sizeBytes?: number;
  /** The descriptor that ESP-IDF 5.2 and later write. */
  readonly descriptor?: boolean;
}

/** A second-stage bootloader: all of it in RAM. 8 KiB by default. */
export function buildBootloader(recipe: BootloaderRecipe = {}): Bytes {
  const chip = CHIPS[recipe.chip ?? 'ESP32'];
  const first = noise(96, 11);
  if (recipe.descriptor === true) {
    first.fill(0, 0, 80);
    first[0] = 0x50;
    first.set(text('v5.4.1'), 12);
    first.set(text('Jun  2 2024 12:34:56'), 44);
  }
  const size = recipe.sizeBytes ?? 8192;
  return buildImage({
    chipId: recipe.chipId ?? chip.id,
    segments: [
      { address: chip.ram, data: first },
      { address: chip.ram + 0x8000, data: noise(size - HEADER - 16 - first.length - 16 - HASH, 12) },
    ],
  });
}

/**
 * The image, padded to a sector, with `blocks` well-formed signature blocks behind it: RSA-3072, or on the curve P-384.
 * No key ever signed this.
 */
export function buildSigned(image: Uint8Array, blocks = 1, scheme: 'rsa' | 'p384' = 'rsa'): Bytes {
  const padded = padTo(image, SECTOR);
  const sector = filled(SECTOR, 0xff);
  for (let i = 0; i < blocks; i += 1) {
    const block = noise(1216, 21 + i);
    block.set(scheme === 'rsa' ? [0xe7, 2, 0, 0] : [0xe7, 3, 1, 0]);
    block.set(scheme === 'rsa' ? sha256(padded) : sha384(padded), 4);
    block.fill(0, 1200);
    view(block).setUint32(1196, crc32(block.subarray(0, 1196)), true);
    sector.set(block, i * 1216);
  }
  return concat(padded, sector);
}

/** The image with the 68 bytes of the ESP32's first signature scheme behind it. */
export function buildSignedV1(image: Uint8Array): Bytes {
  return concat(image, filled(4, 0), noise(64, 31));
}
