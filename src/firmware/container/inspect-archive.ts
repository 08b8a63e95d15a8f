/** gzip and ZIP: what they hold is recognised by its content, never by name, and only offered. */
import { refused } from '../blank-inspection.ts';
import type { ArchiveForm, Finding, Held, NothingFound } from '../../model/firmware/finding.ts';
import { unpackGzip } from './gzip.ts';
import { isGzip, isZip, lookAt, mayBeFirmware, worthOf } from './held.ts';
import { asPacked, inspectEsp8266 } from '../image/inspect-esp8266.ts';
import type { Tools } from '../image/inspect-image.ts';
import type { InnerFile, Inspection } from '../../model/firmware/inspection.ts';
import { untrustedText } from '../bytes/little-endian.ts';
import type { Bytes } from '../bytes/little-endian.ts';
import { sealedArchive } from './sealed-archives.ts';
import { UNPACK_LIMIT_BYTES } from '../work.ts';
import { listZip, unpackEntry } from './zip.ts';
import type { UnpackedEntry, ZipEntry } from './zip.ts';

/**
 * What looking for firmware in one archive may cost: four of the largest files, each unpacked and checked with its CRC.
 * Also for what comes to nothing: a wrong CRC costs as much as a right one.
 */
const LOOK_LIMIT_BYTES = 2 * 4 * UNPACK_LIMIT_BYTES;
/** A release has a dozen files; in a source tree firmware is among the largest, and each look costs up to a millisecond. */
const MOST_LOOKED_AT = 256;

interface Found {
  readonly held: Held;
  readonly inner: InnerFile;
}

const NO_FIRMWARE: NothingFound = { kind: 'no-firmware' };
const TOO_MUCH_MEMORY: NothingFound = { kind: 'too-much-memory' };

function whyNot(kind: Exclude<UnpackedEntry['kind'], 'unpacked'>): NothingFound {
  switch (kind) {
    case 'too-large':
      return { kind: 'too-large', limitBytes: UNPACK_LIMIT_BYTES };
    case 'not-wanted':
      return NO_FIRMWARE;
    case 'damaged':
    case 'encrypted':
    case 'unknown-method':
      return { kind };
  }
}

/** The inspection of an archive. `found`: in the order of their worth. */
function archive(form: ArchiveForm, file: Bytes, found: readonly Found[], why: NothingFound): Inspection {
  const offered = found.filter(({ held }) => worthOf(held) !== null);
  // What another program can unpack is named before what cannot be sent at all.
  const named = offered[0] ?? found.find(({ held }) => held.kind === 'sealed') ?? found[0];
  const finding: Finding =
    named === undefined
      ? { reason: 'compressed', kind: 'nothing', form, why }
      : { reason: 'compressed', kind: 'holds', form, held: named.held, ...namedIn(named.inner) };
  return { ...refused(form, file.length, finding), inside: offered.map(({ inner }) => inner) };
}

/** Only an archive of many files has names that mean something. */
function namedIn({ how, name, size }: InnerFile): { readonly name: string | null; readonly size: number } {
  return { name: how === 'zip-entry' ? name : null, size: size ?? 0 };
}

async function inspectGzip(file: Bytes, tools: Tools): Promise<Inspection> {
  const { yieldWhenDue, work } = tools;
  const nothing = (why: NothingFound): Inspection => archive('gzip', file, [], why);
  if (!work.hasRoomFor(UNPACK_LIMIT_BYTES)) return nothing(TOO_MUCH_MEMORY);
  const unpacked = await unpackGzip(file, yieldWhenDue, { wanted: mayBeFirmware, room: work.room });
  if (unpacked.kind !== 'unpacked') return nothing(whyNot(unpacked.kind));
  const held = await lookAt(unpacked.bytes, yieldWhenDue);
  if (held === null) return nothing(NO_FIRMWARE);
  // The ESP8266's boot loader unpacks it.
  const inside = held.kind === 'esp8266' ? await inspectEsp8266(unpacked.bytes, tools) : null;
  if (inside !== null) return asPacked(inside, file);
  // The name that was packed stands after the ten bytes of the header, where flag 8 says so and flag 4 does not interfere.
  const stated = ((file[3] ?? 0) & 0x0c) === 0x08 ? untrustedText(file.subarray(10, 138)) : '';
  const size = unpacked.bytes.length;
  const inner: InnerFile = { name: stated || null, how: 'gzip', offset: null, size };
  return archive('gzip', file, [{ held, inner }], NO_FIRMWARE);
}

/** The entries to look at, in the archive's order: all, or the largest. */
function worthALook(entries: readonly ZipEntry[]): readonly ZipEntry[] {
  if (entries.length <= MOST_LOOKED_AT) return entries;
  const largest = new Set(entries.toSorted((a, b) => b.size - a.size).slice(0, MOST_LOOKED_AT));
  return entries.filter((entry) => largest.has(entry));
}

async function inspectZip(file: Bytes, { yieldWhenDue, work }: Tools): Promise<Inspection> {
  const entries = await listZip(file, yieldWhenDue);
  if (entries === null) return archive('zip', file, [], { kind: 'damaged' });
  const found: Found[] = [];
  let why = NO_FIRMWARE;
  let lookedAt = 0;
  const before = work.bytes;
  const { room } = work;
  for (const entry of worthALook(entries)) {
    if (work.isSpent || work.bytes - before > LOOK_LIMIT_BYTES) break;
    lookedAt += 1;
    if (!work.hasRoomFor(Math.min(entry.size, UNPACK_LIMIT_BYTES))) {
      why = TOO_MUCH_MEMORY;
      continue;
    }
    const unpacked = await unpackEntry(file, entry, yieldWhenDue, { wanted: mayBeFirmware, room });
    if (unpacked.kind !== 'unpacked') {
      if (unpacked.kind !== 'not-wanted') why = whyNot(unpacked.kind);
      continue;
    }
    const held = await lookAt(unpacked.bytes, yieldWhenDue);
    if (held !== null)
      found.push({ held, inner: { name: entry.name, how: 'zip-entry', offset: null, size: entry.size } });
  }
  if (lookedAt < entries.length) why = { kind: 'not-among-looked-at', lookedAt, files: entries.length };
  // Sorting keeps the archive's order among equals.
  const inOrder = found.sort((a, b) => (worthOf(a.held) ?? Infinity) - (worthOf(b.held) ?? Infinity));
  return archive('zip', file, inOrder, why);
}

/** Null where the file is no archive. */
export async function inspectArchive(file: Bytes, tools: Tools): Promise<Inspection | null> {
  if (isGzip(file)) return inspectGzip(file, tools);
  if (isZip(file)) return inspectZip(file, tools);
  const sealed = sealedArchive(file);
  if (sealed === null) return null;
  return refused('archive', file.length, { reason: 'compressed', kind: 'sealed', archive: sealed });
}
