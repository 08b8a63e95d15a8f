/** Files that hold firmware and are none themselves: full-flash, UF2, gzip, ZIP. What is inside is offered, never taken. */
import { blankInspection } from './blank-inspection.ts';
import { exactBytes, sizeInWords } from './bytes-in-words.ts';
import { chipOf, chipOfUf2Family } from './chips.ts';
import { IMAGE_MAGIC, readImageHeader, runsFromFlash, walkImage } from './esp-image.ts';
import { appsInside, findFullFlash } from './full-flash.ts';
import type { AppInside, FullFlash } from './full-flash.ts';
import { checkImage } from './inspect-image.ts';
import type { Tools } from './inspect-image.ts';
import type { InnerFile, Inspection } from './inspection.ts';
import { startsWith, strangersText, u32 } from './little-endian.ts';
import type { Bytes } from './little-endian.ts';
import { findMicroPython } from './micropython.ts';
import { endWithSignature } from './signature.ts';
import { isUf2, joinUf2, readUf2, UF2_BLOCK_BYTES } from './uf2.ts';
import { unpack, UNPACK_LIMIT_BYTES } from './unpack.ts';
import { listZip, unpackEntry } from './zip.ts';

const GZIP_MAGIC = [0x1f, 0x8b];
const ZIP_MAGIC = [0x50, 0x4b, 0x03, 0x04];
const EMPTY_ZIP_MAGIC = [0x50, 0x4b, 0x05, 0x06];
/** What an archive's files may unpack to in all while looking for firmware: four of the largest. */
const LOOK_LIMIT_BYTES = 4 * UNPACK_LIMIT_BYTES;

function flashMessage(apps: readonly AppInside[], whole: readonly InnerFile[]): Pick<Inspection, 'reason' | 'message'> {
  const [first] = whole;
  if (first !== undefined) {
    const size = sizeInWords(first.size ?? 0);
    const message = `This is a full-flash file for a first install by cable. A device takes the app inside (${size}, partition ${first.name}).`;
    return { reason: 'merged', message };
  }
  const cut = apps.find(({ walk }) => !walk.whole && walk.why === 'cut-off');
  if (cut !== undefined) {
    const message = `Incomplete: a full-flash file whose app (partition ${cut.label}) is cut off. Download it again.`;
    return { reason: 'truncated', message };
  }
  const message = 'This file holds a bootloader and a partition table, but no app that could be sent.';
  return { reason: 'merged-without-app', message };
}

export async function inspectFullFlash(file: Bytes, flash: FullFlash, tools: Tools): Promise<Inspection> {
  const apps = appsInside(file, flash);
  const inside = apps.flatMap(({ label, at, room, walk }): InnerFile[] =>
    walk.whole
      ? [
          {
            name: label,
            how: 'partition',
            offset: at,
            size: endWithSignature(room, walk.end, readImageHeader(room).chipId),
          },
        ]
      : [],
  );
  const bootloader = file.subarray(flash.bootloaderAt);
  const walk = walkImage(bootloader);
  // The first bootloaders for the S2 carried the ESP32's id; an app never does.
  const appRoom = apps.find((app) => app.walk.whole)?.room;
  return {
    ...blankInspection('merged', 'full-flash file', file.length, {
      verdict: 'refuse',
      ...flashMessage(apps, inside),
    }),
    ...(walk.whole ? await checkImage(bootloader, walk, tools) : {}),
    chip: appRoom === undefined ? flash.chip : chipOf(readImageHeader(appRoom).chipId),
    segments: walk.segments,
    partitions: flash.partitions,
    micropython: apps.length === 0 ? null : await findMicroPython(file, tools.breathe),
    inside,
  };
}

async function inspectUf2(file: Bytes, tools: Tools): Promise<Inspection> {
  const uf2 = await readUf2(file, tools.breathe);
  const chip = uf2.family === null ? null : chipOfUf2Family(uf2.family);
  const refuse = (reason: Inspection['reason'], message: string): Inspection => ({
    ...blankInspection('uf2', 'UF2 file', file.length, { verdict: 'refuse', reason, message }),
    chip,
  });
  if (chip === null) return refuse('uf2-foreign', 'This UF2 file is made for another microcontroller.');
  if (uf2.missingBlocks > 0) {
    const missing = uf2.missingBlocks === 1 ? '1 block is' : `${uf2.missingBlocks} blocks are`;
    return refuse('truncated', `Incomplete: ${missing} missing in this UF2 file. Download it again.`);
  }
  const stray = file.length % UF2_BLOCK_BYTES;
  if (stray > 0) {
    return refuse(
      'damaged',
      `Damaged: ${exactBytes(stray)} of this UF2 file ${stray === 1 ? 'belongs' : 'belong'} to no block. Download it again.`,
    );
  }
  if (uf2.to - uf2.from < 1 || uf2.to - uf2.from > UNPACK_LIMIT_BYTES)
    return refuse('malformed', 'This UF2 file cannot be joined: its addresses make no sense.');
  // Block headers cut the text, so the search needs the joined bytes; they are let go right after it.
  const joined = await joinUf2(file, uf2, tools.breathe);
  const micropython = await findMicroPython(joined, tools.breathe);
  const size = joined.length;
  const message = `UF2 file, for boards that show up as a drive. A device takes the firmware inside (${sizeInWords(size)}).`;
  return {
    ...refuse('uf2', message),
    micropython,
    inside: [{ name: 'joined blocks', how: 'uf2-blocks', offset: null, size }],
  };
}

/** Whether a file could start like something that is worth sending or looking into. */
function mayBeFirmware(head: Bytes): boolean {
  return head[0] === IMAGE_MAGIC || head[0] === 0xff || isUf2(head);
}

/** How much a file inside an archive is worth: an app first, then what an app can be taken from. Null: nothing. */
function worthOf(bytes: Bytes): number | null {
  if (isUf2(bytes)) return 2;
  if (findFullFlash(bytes) !== null) return 1;
  if (bytes[0] !== IMAGE_MAGIC || !chipOf(readImageHeader(bytes).chipId).known) return null;
  return runsFromFlash(walkImage(bytes).segments) ? 0 : null;
}

const UNREADABLE: Readonly<Record<string, string>> = {
  'too-large': `it unpacks to more than ${sizeInWords(UNPACK_LIMIT_BYTES)}`,
  damaged: 'it is damaged or incomplete',
  encrypted: 'it is locked with a password',
  'unknown-method': 'it is packed in a way that is not read here',
  'not-wanted': 'there is no firmware in it',
};

async function inspectGzip(file: Bytes, tools: Tools): Promise<Inspection> {
  const unpacked = await unpack(file, 'gzip', tools.breathe, UNPACK_LIMIT_BYTES, mayBeFirmware);
  // The name that was packed stands after the ten bytes of the header, where flag 8 says so and flag 4 does not interfere.
  const stated = ((file[3] ?? 0) & 0x0c) === 0x08 ? strangersText(file.subarray(10, 138)) : '';
  if (!unpacked.ok || worthOf(unpacked.bytes) === null) {
    const why = UNREADABLE[unpacked.ok ? 'not-wanted' : unpacked.why] ?? '';
    const message = `Compressed (gzip), and nothing to send: ${why}.`;
    return blankInspection('gzip', 'gzip file', file.length, { verdict: 'refuse', reason: 'compressed', message });
  }
  const size = unpacked.bytes.length;
  const message = `Compressed (gzip). A device takes the file inside (${sizeInWords(size)}).`;
  const inner: InnerFile = { name: stated || 'unpacked file', how: 'gzip', offset: null, size };
  const finding = { verdict: 'refuse', reason: 'compressed', message } as const;
  return { ...blankInspection('gzip', 'gzip file', file.length, finding), inside: [inner] };
}

async function findInZip(file: Bytes, tools: Tools): Promise<{ inside: readonly InnerFile[]; why: string }> {
  const entries = listZip(file);
  if (entries === null) return { inside: [], why: UNREADABLE['damaged'] ?? '' };
  const found: { readonly worth: number; readonly inner: InnerFile }[] = [];
  let why = UNREADABLE['not-wanted'] ?? '';
  let looked = 0;
  for (const entry of entries) {
    if (looked > LOOK_LIMIT_BYTES) break;
    const unpacked = await unpackEntry(file, entry, tools.breathe, mayBeFirmware);
    if (!unpacked.ok) {
      if (unpacked.why !== 'not-wanted') why = UNREADABLE[unpacked.why] ?? why;
      continue;
    }
    looked += unpacked.bytes.length;
    const worth = worthOf(unpacked.bytes);
    if (worth !== null)
      found.push({ worth, inner: { name: entry.name, how: 'zip-entry', offset: null, size: entry.size } });
  }
  // Sorting keeps the archive's order among equals.
  found.sort((a, b) => a.worth - b.worth);
  return { inside: found.map(({ inner }) => inner), why };
}

async function inspectZip(file: Bytes, tools: Tools): Promise<Inspection> {
  const { inside, why } = await findInZip(file, tools);
  const [first] = inside;
  const message =
    first === undefined
      ? `Compressed (ZIP), and nothing to send: ${why}.`
      : `Compressed (ZIP). A device takes the firmware inside: ${first.name} (${exactBytesOrWords(first.size ?? 0)}).`;
  return {
    ...blankInspection('zip', 'ZIP archive', file.length, { verdict: 'refuse', reason: 'compressed', message }),
    inside,
  };
}

function exactBytesOrWords(size: number): string {
  return size < 1024 ? exactBytes(size) : sizeInWords(size);
}

/** Null where the file is none of UF2, gzip and ZIP. */
export async function inspectPacked(file: Bytes, tools: Tools): Promise<Inspection | null> {
  if (isUf2(file)) return inspectUf2(file, tools);
  if (startsWith(file, 0, GZIP_MAGIC)) return inspectGzip(file, tools);
  const isZip = startsWith(file, 0, ZIP_MAGIC) || (startsWith(file, 0, EMPTY_ZIP_MAGIC) && u32(file, 4) === 0);
  return isZip ? inspectZip(file, tools) : null;
}
