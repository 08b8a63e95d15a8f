/**
 * Secure-boot signatures: their form only. Whether a device trusts the key is in its fuses, and no file tells that.
 * Source: esp-idf docs `secure-boot-v2`, esptool's espsecure.
 */
import { crc32 } from '../bytes/crc32.ts';
import type { Digest } from '../bytes/digest.ts';
import type { SignatureForm } from '../../model/firmware/inspection.ts';
import { isFilled, sameBytes, u32 } from '../bytes/little-endian.ts';
import type { Bytes } from '../bytes/little-endian.ts';
import { SECTOR } from '../flash/sector.ts';

const BLOCK_BYTES = 1216;
const MAX_BLOCKS = 3;
const BLOCK_MAGIC = 0xe7;
const CRC_AT = 1196;
const V1_BYTES = 68;
/** What may follow a signature of the first scheme: nothing, or what fills its 16-byte block up (esptool's secure padding). */
const V1_TAILS = [0, 12];
/** One of the two numbers a signature consists of. */
const V1_NUMBER_BYTES = 32;
/** Distinct bytes among 32 random ones: mostly 30, fewer than 20 once in thousands of millions. */
const LEAST_DISTINCT = 20;
/** Printable bytes among 32 random ones: mostly 12, as many as 26 once in ten million times. */
const MOST_TYPED = 25;

export interface FoundSignature {
  readonly form: SignatureForm;
  /** Where it ends in the file; bytes behind that are foreign. */
  readonly end: number;
  /** Bytes the signed image takes in a slot: more than the file has, where it ends within the signature's sector. */
  readonly slotBytes: number;
}

function schemeOf(block: Bytes): SignatureForm['scheme'] {
  if (block[1] !== 3) return 'v2-rsa';
  return block[2] === 1 ? 'v2-ecdsa-sha384' : 'v2-ecdsa';
}

/** Data may begin with the magic byte by chance; a block has its version behind it. */
function isBlockStart(file: Bytes, at: number): boolean {
  return file[at] === BLOCK_MAGIC && (file[at + 1] === 2 || file[at + 1] === 3);
}

async function isBlockWellFormed(signed: Bytes, block: Bytes, digest: Digest): Promise<boolean> {
  if (block.length < BLOCK_BYTES || (block[1] !== 2 && block[1] !== 3)) return false;
  if (crc32(block.subarray(0, CRC_AT)) !== u32(block, CRC_AT)) return false;
  const long = block[2] === 1;
  const named = block.subarray(4, 4 + (long ? 48 : 32));
  return sameBytes(await digest(long ? 'SHA-384' : 'SHA-256', signed), named);
}

/** The sector of signature blocks at the next 4 KiB boundary after the image, which ends at `imageEnd`. */
async function findV2(file: Bytes, imageEnd: number, digest: Digest): Promise<FoundSignature | null> {
  const at = Math.ceil(imageEnd / SECTOR) * SECTOR;
  const first = file.subarray(at, at + BLOCK_BYTES);
  if (!isBlockStart(first, 0)) return null;
  const signed = file.subarray(0, at);
  let blocks = 0;
  let wellFormed = true;
  for (; blocks < MAX_BLOCKS; blocks += 1) {
    const block = file.subarray(at + blocks * BLOCK_BYTES, at + (blocks + 1) * BLOCK_BYTES);
    if (block[0] !== BLOCK_MAGIC) break;
    wellFormed = wellFormed && (await isBlockWellFormed(signed, block, digest));
  }
  // A signing tool fills the rest of the sector as erased flash, so that a cut shows here.
  const end = Math.min(at + SECTOR, file.length);
  wellFormed = wellFormed && end === at + SECTOR && isFilled(file, at + blocks * BLOCK_BYTES, end, 0xff);
  return { form: { scheme: schemeOf(first), blocks, wellFormed }, end, slotBytes: at + SECTOR };
}

/** Whether bytes could be a number of a signature: padding repeats itself, and settings that a tool appends are text. */
function looksRandom(bytes: Bytes): boolean {
  const typed = bytes.filter((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d).length;
  return new Set(bytes).size >= LEAST_DISTINCT && typed <= MOST_TYPED;
}

/** The first scheme, ESP32 only: 68 bytes right after the image, a zero word and then the signature. */
function findV1(file: Bytes, imageEnd: number): FoundSignature | null {
  const numbersAt = imageEnd + V1_BYTES - 2 * V1_NUMBER_BYTES;
  if (file.length < imageEnd + V1_BYTES || u32(file, imageEnd) !== 0) return null;
  for (const at of [numbersAt, numbersAt + V1_NUMBER_BYTES]) {
    if (!looksRandom(file.subarray(at, at + V1_NUMBER_BYTES))) return null;
  }
  for (const tail of V1_TAILS) {
    const end = imageEnd + V1_BYTES + tail;
    if (end > file.length || !isFilled(file, end, Math.min(file.length, end + SECTOR), 0xff)) continue;
    return { form: { scheme: 'v1', blocks: 1, wellFormed: true }, end, slotBytes: end };
  }
  return null;
}

/** Where an image ends, its signature included, if it has one. Whether that is well-formed is not checked. */
export function endWithSignature(file: Bytes, imageEnd: number, chipId: number): number {
  const at = Math.ceil(imageEnd / SECTOR) * SECTOR;
  if (isBlockStart(file, at)) return Math.min(at + SECTOR, file.length);
  return (chipId === 0 ? findV1(file, imageEnd)?.end : null) ?? imageEnd;
}

export async function findSignature(
  file: Bytes,
  imageEnd: number,
  chipId: number,
  digest: Digest,
): Promise<FoundSignature | null> {
  return (await findV2(file, imageEnd, digest)) ?? (chipId === 0 ? findV1(file, imageEnd) : null);
}
