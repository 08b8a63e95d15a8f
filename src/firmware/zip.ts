/** Reading ZIP archives. Source: PKWARE's APPNOTE.TXT, sections 4.3 and 4.4. */
import type { Breathe } from './breather.ts';
import { crc32OfMany } from './crc32.ts';
import { startsWith, strangersText, u16, u32 } from './little-endian.ts';
import type { Bytes } from './little-endian.ts';
import { unpack, UNPACK_LIMIT_BYTES } from './unpack.ts';
import type { Unpacked } from './unpack.ts';

const END_MAGIC = [0x50, 0x4b, 0x05, 0x06];
const DIRECTORY_MAGIC = [0x50, 0x4b, 0x01, 0x02];
const LOCAL_MAGIC = [0x50, 0x4b, 0x03, 0x04];
const END_BYTES = 22;
const DIRECTORY_BYTES = 46;
const LOCAL_BYTES = 30;
/** A comment may stand behind the end record; this is the longest the format allows. */
const MAX_COMMENT = 0xffff;
const ENCRYPTED = 0x1;
const STORED = 0;
const DEFLATED = 8;
/** Entries between two looks at the clock: reading one takes some microseconds. */
const SLICE_ENTRIES = 256;

export interface ZipEntry {
  /** Unique within the archive. */
  readonly name: string;
  /** Unpacked bytes, as the archive says. */
  readonly size: number;
  readonly packedSize: number;
  readonly method: number;
  readonly encrypted: boolean;
  readonly crc: number;
  readonly localAt: number;
}

export type UnpackedEntry =
  Unpacked | { readonly ok: false; readonly why: 'encrypted' | 'unknown-method'; readonly spent: number };

function findEnd(file: Bytes): number | null {
  const lowest = Math.max(0, file.length - END_BYTES - MAX_COMMENT);
  for (let at = file.length - END_BYTES; at >= lowest; at -= 1) {
    if (startsWith(file, at, END_MAGIC) && at + END_BYTES + u16(file, at + 20) === file.length) return at;
  }
  return null;
}

/** Gives the second of a name a number. `used` counts, so that an archive full of one name costs no more than another. */
function unusedName(name: string, used: Map<string, number>): string {
  let number = used.get(name) ?? 0;
  let unused: string;
  do {
    number += 1;
    unused = number === 1 ? name : `${name} (${number})`;
  } while (number > 1 && used.has(unused));
  used.set(name, number);
  if (number > 1) used.set(unused, 1);
  return unused;
}

/** The files of an archive, directories left out; null where its directory cannot be read (cut off, several disks). */
export async function listZip(file: Bytes, breathe: Breathe): Promise<readonly ZipEntry[] | null> {
  const end = findEnd(file);
  if (end === null) return null;
  const entries: ZipEntry[] = [];
  const used = new Map<string, number>();
  let at = u32(file, end + 16);
  const count = u16(file, end + 10);
  for (let index = 0; index < count; index += 1) {
    if (index % SLICE_ENTRIES === 0) await breathe();
    if (!startsWith(file, at, DIRECTORY_MAGIC)) return null;
    const nameEnd = at + DIRECTORY_BYTES + u16(file, at + 28);
    const stated = strangersText(file.subarray(at + DIRECTORY_BYTES, nameEnd));
    if (!stated.endsWith('/')) {
      const name = unusedName(stated, used);
      entries.push({
        name,
        size: u32(file, at + 24),
        packedSize: u32(file, at + 20),
        method: u16(file, at + 10),
        encrypted: (u16(file, at + 8) & ENCRYPTED) !== 0,
        crc: u32(file, at + 16),
        localAt: u32(file, at + 42),
      });
    }
    at = nameEnd + u16(file, at + 30) + u16(file, at + 32);
  }
  return entries;
}

async function unpackChecked(
  file: Bytes,
  entry: ZipEntry,
  breathe: Breathe,
  wanted: (head: Bytes) => boolean,
): Promise<UnpackedEntry> {
  const dataAt = entry.localAt + LOCAL_BYTES + u16(file, entry.localAt + 26) + u16(file, entry.localAt + 28);
  const packed = file.subarray(dataAt, dataAt + entry.packedSize);
  if (!startsWith(file, entry.localAt, LOCAL_MAGIC) || packed.length < entry.packedSize)
    return { ok: false, why: 'damaged', spent: 0 };
  // A stored file is a view of the archive, not a copy.
  if (entry.method === STORED) {
    // Nothing to unpack, but its CRC will be computed over all of it.
    return wanted(packed)
      ? { ok: true, bytes: packed, spent: packed.length }
      : { ok: false, why: 'not-wanted', spent: 0 };
  }
  return unpack(packed, 'deflate-raw', breathe, entry.size, wanted);
}

/** Unpacks one file, checks its length and CRC. `wanted` is as in `unpack`. */
export async function unpackEntry(
  file: Bytes,
  entry: ZipEntry,
  breathe: Breathe,
  wanted: (head: Bytes) => boolean = () => true,
): Promise<UnpackedEntry> {
  if (entry.encrypted) return { ok: false, why: 'encrypted', spent: 0 };
  if (entry.method !== STORED && entry.method !== DEFLATED) return { ok: false, why: 'unknown-method', spent: 0 };
  if (entry.size > UNPACK_LIMIT_BYTES) return { ok: false, why: 'too-large', spent: 0 };
  const unpacked = await unpackChecked(file, entry, breathe, wanted);
  if (!unpacked.ok) {
    // It promised to fit and unpacks to more: then the archive lies about itself.
    return unpacked.why === 'too-large' ? { ...unpacked, why: 'damaged' } : unpacked;
  }
  const { bytes } = unpacked;
  const right = bytes.length === entry.size && (await crc32OfMany(bytes, breathe)) === entry.crc;
  return right ? unpacked : { ok: false, why: 'damaged', spent: unpacked.spent };
}
