/** gzip and ZIP: what they hold is told by content, never by name, and only offered. */
import { blankInspection } from '../blank-inspection.ts';
import { sizeInWords } from '../../words/sizes.ts';
import { unpackGzip } from './gzip.ts';
import { isGzip, isZip, lookAt, mayBeFirmware } from './held.ts';
import type { Held } from './held.ts';
import type { Tools } from '../image/inspect-image.ts';
import type { InnerFile, Inspection } from '../../model/inspection.ts';
import { strangersText } from '../bytes/little-endian.ts';
import type { Bytes } from '../bytes/little-endian.ts';
import { nameOfSealed } from './sealed-archives.ts';
import { UNPACK_LIMIT_BYTES } from '../work.ts';
import { listZip, unpackEntry } from './zip.ts';
import type { ZipEntry } from './zip.ts';

/**
 * What looking for firmware in one archive may cost: four of the largest files, each unpacked and checked with its CRC.
 * Also for what comes to nothing: a wrong CRC costs as much as a right one.
 */
const LOOK_LIMIT_BYTES = 2 * 4 * UNPACK_LIMIT_BYTES;
/** A release has a dozen files; in a source tree firmware is among the largest, and each look costs up to a millisecond. */
const MOST_LOOKED_AT = 256;

const UNPACK_FIRST = 'Unpack it first, and choose the app’s .bin.';

const UNREADABLE: Readonly<Record<string, string>> = {
  'too-large': `it unpacks to more than ${sizeInWords(UNPACK_LIMIT_BYTES)}`,
  damaged: 'it is damaged or incomplete',
  encrypted: 'it is locked with a password',
  'unknown-method': 'it is packed in a way that is not read here',
  'not-wanted': 'there is no firmware in it',
  memory: 'it would take too much memory to unpack what is in it',
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
    const sealed = found.find(({ held }) => held.isSealed);
    if (sealed !== undefined) return `Compressed (${short}). It holds ${sealed.held.what}. ${UNPACK_FIRST}`;
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

async function inspectGzip(file: Bytes, { breathe, work }: Tools): Promise<Inspection> {
  const form = ['gzip', 'gzip file', 'gzip'] as const;
  if (!work.hasRoomFor(UNPACK_LIMIT_BYTES)) return archive(file, form, [], UNREADABLE['memory'] ?? '');
  const unpacked = await unpackGzip(file, breathe, { wanted: mayBeFirmware, room: work.room });
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

async function inspectZip(file: Bytes, { breathe, work }: Tools): Promise<Inspection> {
  const form = ['zip', 'ZIP archive', 'ZIP'] as const;
  const entries = await listZip(file, breathe);
  if (entries === null) return archive(file, form, [], UNREADABLE['damaged'] ?? '');
  const found: Found[] = [];
  let why = UNREADABLE['not-wanted'] ?? '';
  let lookedAt = 0;
  const before = work.bytes;
  const { room } = work;
  for (const entry of worthALook(entries)) {
    if (work.isSpent || work.bytes - before > LOOK_LIMIT_BYTES) break;
    lookedAt += 1;
    if (!work.hasRoomFor(Math.min(entry.size, UNPACK_LIMIT_BYTES))) {
      why = UNREADABLE['memory'] ?? why;
      continue;
    }
    const unpacked = await unpackEntry(file, entry, breathe, { wanted: mayBeFirmware, room });
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

/** Null where the file is no archive. */
export async function inspectArchive(file: Bytes, tools: Tools): Promise<Inspection | null> {
  if (isGzip(file)) return inspectGzip(file, tools);
  if (isZip(file)) return inspectZip(file, tools);
  const sealed = nameOfSealed(file);
  if (sealed === null) return null;
  const message = `Packed (${sealed}), and not read here. ${UNPACK_FIRST}`;
  return blankInspection('archive', sealed, file.length, { verdict: 'refuse', reason: 'compressed', message });
}
