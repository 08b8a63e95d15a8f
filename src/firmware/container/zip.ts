/** Reading ZIP archives. Source: PKWARE's APPNOTE.TXT, sections 4.3 and 4.4. */
import { crc32OfMany } from '../bytes/crc32.ts';
import { startsWith, untrustedText, u16, u32 } from '../bytes/little-endian.ts';
import type { Bytes } from '../bytes/little-endian.ts';
import { unpack } from './unpack.ts';
import type { Unpacked } from './unpack.ts';
import { UNPACK_LIMIT_BYTES } from '../work.ts';
import type { YieldWhenDue, Room } from '../work.ts';

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
/** Entries between two looks at the clock. */
const SLICE_ENTRIES = 256;
/** What reading an entry costs: three microseconds, in which so many bytes could be unpacked. */
const ENTRY_WORK = 512;

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

export type UnpackedEntry = Unpacked | { readonly kind: 'encrypted' | 'unknown-method' };

/** Whether the end record at `at` points to a directory, or to none where the archive is empty. */
function hasDirectory(file: Bytes, at: number): boolean {
  return u16(file, at + 10) === 0 || startsWith(file, u32(file, at + 16), DIRECTORY_MAGIC);
}

/** The last end record that makes sense. Bytes behind it are no reason to give up: unzip does not, and mail adds lines. */
function findEnd(file: Bytes): number | null {
  const lowest = Math.max(0, file.length - END_BYTES - MAX_COMMENT);
  for (let at = file.length - END_BYTES; at >= lowest; at -= 1) {
    if (startsWith(file, at, END_MAGIC) && hasDirectory(file, at)) return at;
  }
  return null;
}

/**
 * Bytes of a name that are read, as many as file systems allow. A longer one is no name, and would only swell reports.
 */
const LONGEST_NAME = 255;
const SLASH = 0x2f;

/**
 * Adds a number to a name that was there before. `used` counts, so that an archive full of one name costs no more than
 * any other.
 */
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
export async function listZip(file: Bytes, yieldWhenDue: YieldWhenDue): Promise<readonly ZipEntry[] | null> {
  const end = findEnd(file);
  if (end === null) return null;
  const entries: ZipEntry[] = [];
  const used = new Map<string, number>();
  let at = u32(file, end + 16);
  const count = u16(file, end + 10);
  for (let index = 0; index < count; index += 1) {
    if (index % SLICE_ENTRIES === 0) await yieldWhenDue(Math.min(count - index, SLICE_ENTRIES) * ENTRY_WORK);
    if (!startsWith(file, at, DIRECTORY_MAGIC)) return null;
    const nameEnd = at + DIRECTORY_BYTES + u16(file, at + 28);
    const isFolder = file[nameEnd - 1] === SLASH;
    if (!isFolder) {
      const nameAt = at + DIRECTORY_BYTES;
      const stated = untrustedText(file.subarray(nameAt, Math.min(nameEnd, nameAt + LONGEST_NAME)));
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
  yieldWhenDue: YieldWhenDue,
  { wanted = () => true, room }: EntryOptions,
): Promise<Unpacked> {
  const dataAt = entry.localAt + LOCAL_BYTES + u16(file, entry.localAt + 26) + u16(file, entry.localAt + 28);
  const packed = file.subarray(dataAt, dataAt + entry.packedSize);
  if (!startsWith(file, entry.localAt, LOCAL_MAGIC) || packed.length < entry.packedSize) {
    return { kind: 'damaged' };
  }
  // A stored file is a view of the archive, not a copy.
  if (entry.method === STORED) return wanted(packed) ? { kind: 'unpacked', bytes: packed } : { kind: 'not-wanted' };
  const memory = room === undefined ? {} : { room };
  return unpack(packed, 'deflate-raw', yieldWhenDue, { limit: entry.size, expected: entry.size, wanted, ...memory });
}

export interface EntryOptions {
  /** As in `unpack`. */
  readonly wanted?: (head: Bytes) => boolean;
  /** Where to unpack to; by default memory of its own. */
  readonly room?: Room;
}

/** Unpacks one file, checks its length and CRC. */
export async function unpackEntry(
  file: Bytes,
  entry: ZipEntry,
  yieldWhenDue: YieldWhenDue,
  options: EntryOptions = {},
): Promise<UnpackedEntry> {
  if (entry.encrypted) return { kind: 'encrypted' };
  if (entry.method !== STORED && entry.method !== DEFLATED) return { kind: 'unknown-method' };
  if (entry.size > UNPACK_LIMIT_BYTES) return { kind: 'too-large' };
  const unpacked = await unpackChecked(file, entry, yieldWhenDue, options);
  if (unpacked.kind !== 'unpacked') {
    // It unpacks to more than the archive says.
    return unpacked.kind === 'too-large' ? { kind: 'damaged' } : unpacked;
  }
  const { bytes } = unpacked;
  const right = bytes.length === entry.size && (await crc32OfMany(bytes, yieldWhenDue)) === entry.crc;
  return right ? unpacked : { kind: 'damaged' };
}
