/** gzip and ZIP: what they hold is told by content, never by name, and only offered. */
import { isAppImage, readAppDescriptor } from './app-descriptor.ts';
import { blankInspection } from './blank-inspection.ts';
import { sizeInWords } from './bytes-in-words.ts';
import type { Breathe } from './breather.ts';
import { chipOf } from './chips.ts';
import { IMAGE_MAGIC, readImageHeader, walkImage } from './esp-image.ts';
import { readEsp8266 } from './esp8266.ts';
import { findFullFlash, imageAfterLeadIn } from './full-flash.ts';
import type { Tools } from './inspect-image.ts';
import type { InnerFile, Inspection } from './inspection.ts';
import { startsWith, strangersText, u32 } from './little-endian.ts';
import type { Bytes } from './little-endian.ts';
import { isUf2 } from './uf2.ts';
import { unpack, UNPACK_LIMIT_BYTES } from './unpack.ts';
import { listZip, unpackEntry } from './zip.ts';
import type { ZipEntry } from './zip.ts';

const GZIP_MAGIC = [0x1f, 0x8b];
const ZIP_MAGIC = [0x50, 0x4b, 0x03, 0x04];
const EMPTY_ZIP_MAGIC = [0x50, 0x4b, 0x05, 0x06];
/** What an archive's files may unpack to in all while looking for firmware: four of the largest. */
const LOOK_LIMIT_BYTES = 4 * UNPACK_LIMIT_BYTES;
/** A release has a dozen files; in a source tree firmware is among the largest, and each look costs up to a millisecond. */
const MOST_LOOKED_AT = 256;

function isZip(file: Bytes): boolean {
  return startsWith(file, 0, ZIP_MAGIC) || (startsWith(file, 0, EMPTY_ZIP_MAGIC) && u32(file, 4) === 0);
}

/** Whether a file could start like something that is worth sending, looking into or naming. */
function mayBeFirmware(head: Bytes): boolean {
  const byMagic = startsWith(head, 0, GZIP_MAGIC) || isZip(head) || isUf2(head);
  return byMagic || head[0] === IMAGE_MAGIC || head[0] === 0xea || head[0] === 0xff;
}

interface Held {
  /** What to offer first: an app, then what an app can be taken from. Null: named, not offered. */
  readonly worth: 0 | 1 | 2 | 3 | null;
  readonly what: string;
}

const APP: Held = { worth: 0, what: 'an app' };

/** What a file inside an archive is, at a look that does without its checksums; null where it is nothing of interest. */
async function lookAt(bytes: Bytes, breathe: Breathe): Promise<Held | null> {
  if (isUf2(bytes)) return { worth: 2, what: 'a UF2 file' };
  if (startsWith(bytes, 0, GZIP_MAGIC) || isZip(bytes)) return { worth: 3, what: 'another archive' };
  if (findFullFlash(bytes) !== null) return { worth: 1, what: 'a full-flash file' };
  if (imageAfterLeadIn(bytes) !== null) return { worth: 1, what: 'firmware that does not start at its first byte' };
  if (bytes[0] !== IMAGE_MAGIC && bytes[0] !== 0xea) return null;
  const { chipId, hashAppended } = readImageHeader(bytes);
  const walk = walkImage(bytes);
  const known = chipOf(chipId).known || readAppDescriptor(bytes) !== null;
  if (known && isAppImage(bytes, walk.segments)) return APP;
  if ((await readEsp8266(bytes, breathe)) !== null) return { worth: null, what: 'firmware for the ESP8266' };
  if (!walk.whole || hashAppended > 1) return null;
  return isAppImage(bytes, walk.segments) ? APP : { worth: null, what: 'a bootloader and no app' };
}

const UNREADABLE: Readonly<Record<string, string>> = {
  'too-large': `it unpacks to more than ${sizeInWords(UNPACK_LIMIT_BYTES)}`,
  damaged: 'it is damaged or incomplete',
  encrypted: 'it is locked with a password',
  'unknown-method': 'it is packed in a way that is not read here',
  'not-wanted': 'there is no firmware in it',
};

interface Found {
  readonly held: Held;
  readonly inner: InnerFile;
}

/** The whole inspection of an archive, `found` in the order of their worth. */
function archive(
  file: Bytes,
  form: readonly [kind: 'gzip' | 'zip', kindName: string, short: string],
  found: readonly Found[],
  why: string,
): Inspection {
  const [kind, kindName, short] = form;
  const offered = found.filter(({ held }) => held.worth !== null);
  const finding = { verdict: 'refuse', reason: 'compressed', message: messageOf(short, found, offered, why) } as const;
  return { ...blankInspection(kind, kindName, file.length, finding), inside: offered.map(({ inner }) => inner) };
}

function messageOf(short: string, found: readonly Found[], [first]: readonly Found[], why: string): string {
  if (first === undefined) {
    const [named] = found;
    return `Compressed (${short}), and nothing to send: ${named === undefined ? why : `it holds ${named.held.what}`}.`;
  }
  const { held, inner } = first;
  const size = sizeInWords(inner.size ?? 0);
  const isNamed = inner.how === 'zip-entry';
  if (held.worth !== 0) {
    return `Compressed (${short}). It holds ${held.what}${isNamed ? `, ${inner.name}` : ''} (${size}): look inside.`;
  }
  const what = isNamed ? `the firmware inside: ${inner.name}` : 'the file inside';
  return `Compressed (${short}). A device takes ${what} (${size}).`;
}

async function inspectGzip(file: Bytes, { breathe }: Tools): Promise<Inspection> {
  const form = ['gzip', 'gzip file', 'gzip'] as const;
  const unpacked = await unpack(file, 'gzip', breathe, UNPACK_LIMIT_BYTES, mayBeFirmware);
  if (!unpacked.ok) return archive(file, form, [], UNREADABLE[unpacked.why] ?? '');
  const held = await lookAt(unpacked.bytes, breathe);
  if (held === null) return archive(file, form, [], UNREADABLE['not-wanted'] ?? '');
  // The name that was packed stands after the ten bytes of the header, where flag 8 says so and flag 4 does not interfere.
  const stated = ((file[3] ?? 0) & 0x0c) === 0x08 ? strangersText(file.subarray(10, 138)) : '';
  const size = unpacked.bytes.length;
  return archive(
    file,
    form,
    [{ held, inner: { name: stated || 'unpacked file', how: 'gzip', offset: null, size } }],
    '',
  );
}

/** The entries to look at, in the archive's order: all, or the largest. */
function worthALook(entries: readonly ZipEntry[]): readonly ZipEntry[] {
  if (entries.length <= MOST_LOOKED_AT) return entries;
  const largest = new Set(entries.toSorted((a, b) => b.size - a.size).slice(0, MOST_LOOKED_AT));
  return entries.filter((entry) => largest.has(entry));
}

async function inspectZip(file: Bytes, { breathe }: Tools): Promise<Inspection> {
  const form = ['zip', 'ZIP archive', 'ZIP'] as const;
  const entries = await listZip(file, breathe);
  if (entries === null) return archive(file, form, [], UNREADABLE['damaged'] ?? '');
  const found: Found[] = [];
  let why = UNREADABLE['not-wanted'] ?? '';
  let spent = 0;
  let lookedAt = 0;
  for (const entry of worthALook(entries)) {
    if (spent > LOOK_LIMIT_BYTES) break;
    lookedAt += 1;
    const unpacked = await unpackEntry(file, entry, breathe, mayBeFirmware);
    // Also for what came to nothing: a wrong CRC costs as much as a right one.
    spent += unpacked.spent;
    if (!unpacked.ok) {
      if (unpacked.why !== 'not-wanted') why = UNREADABLE[unpacked.why] ?? why;
      continue;
    }
    const held = await lookAt(unpacked.bytes, breathe);
    if (held !== null)
      found.push({ held, inner: { name: entry.name, how: 'zip-entry', offset: null, size: entry.size } });
  }
  if (lookedAt < entries.length) {
    why = `no firmware was found among the ${lookedAt} of its ${entries.length} files that were looked at`;
  }
  // Sorting keeps the archive's order among equals.
  return archive(
    file,
    form,
    found.sort((a, b) => rankOf(a) - rankOf(b)),
    why,
  );
}

function rankOf({ held }: Found): number {
  return held.worth ?? 4;
}

/** Null where the file is neither gzip nor ZIP. */
export async function inspectArchive(file: Bytes, tools: Tools): Promise<Inspection | null> {
  if (startsWith(file, 0, GZIP_MAGIC)) return inspectGzip(file, tools);
  return isZip(file) ? inspectZip(file, tools) : null;
}
