/** A file that is one ESP image: app, bootloader, or what is left of one. */
import { isAppImage, NO_NAMES, readAppDescriptor, readBootloaderDescriptor, readEfuseBlock } from './app-descriptor.ts';
import { warningsAbout } from './app-warnings.ts';
import { blankFacts, refused } from '../blank-inspection.ts';
import type { Facts } from '../blank-inspection.ts';
import { chipFacts, chipOf } from '../../model/firmware/chips.ts';
import type { Digest } from '../bytes/digest.ts';
import {
  checksumOf,
  IMAGE_HEADER_BYTES,
  IMAGE_MAGIC,
  isPageAligned,
  isStretchOf,
  readImageHeader,
  runsFromFlash,
  walkImage,
} from './esp-image.ts';
import type { ImageWalk } from './esp-image.ts';
import type { Finding } from '../../model/firmware/finding.ts';
import type { InnerFile, Inspection } from '../../model/firmware/inspection.ts';
import { isFilled, sameBytes } from '../bytes/little-endian.ts';
import type { Bytes } from '../bytes/little-endian.ts';
import { findMicroPython, showsMicroPython } from './micropython.ts';
import { findSignature } from './signature.ts';
import { builtOn, readTells } from './tells.ts';
import { hasOtherLineEndings } from '../container/text-transfer.ts';
import { GLANCE } from '../work.ts';
import type { YieldWhenDue, Work } from '../work.ts';
import { SLICE_BYTES } from '../bytes/yielder.ts';
import { SECTOR } from '../flash/sector.ts';

export interface Tools {
  readonly digest: Digest;
  readonly yieldWhenDue: YieldWhenDue;
  readonly work: Work;
}

type Whole = Extract<ImageWalk, { kind: 'whole' }>;
type Broken = Extract<ImageWalk, { kind: 'cut-off' | 'erased' | 'broken' }>;

/** Where the run of equal bytes begins that ends at `end`. */
async function startOfStretch(file: Bytes, end: number, yieldWhenDue: YieldWhenDue): Promise<number> {
  const filling = file[end - 1];
  let start = end;
  for (;;) {
    const stop = Math.max(0, start - SLICE_BYTES);
    while (start > stop && file[start - 1] === filling) start -= 1;
    if (start > stop || start === 0) return start;
    await yieldWhenDue(SLICE_BYTES / GLANCE);
  }
}

/** A file that keeps its length and has nothing in it from some byte on: a download that stopped, a torn dump. */
async function emptyFrom(file: Bytes, end: number, yieldWhenDue: YieldWhenDue): Promise<Finding> {
  const filling = file[end - 1] === 0 ? 'zeros' : 'erased';
  return { reason: 'truncated', kind: 'blank', from: await startOfStretch(file, end, yieldWhenDue), filling };
}

async function brokenFinding(file: Bytes, walk: Broken, yieldWhenDue: YieldWhenDue): Promise<Finding> {
  if (hasOtherLineEndings(file)) return { reason: 'damaged', kind: 'line-endings' };
  switch (walk.kind) {
    case 'broken':
      return { reason: 'malformed', kind: 'structure' };
    case 'erased': {
      const last = walk.segments.at(-1);
      return emptyFrom(
        file,
        (last === undefined ? IMAGE_HEADER_BYTES : last.fileOffset + last.length) + 1,
        yieldWhenDue,
      );
    }
    case 'cut-off':
      return { reason: 'truncated', kind: 'bytes', bytes: walk.missing, exact: walk.exact };
  }
}

/** A file that starts like an image and does not hold together. */
export async function inspectBrokenImage(file: Bytes, walk: Broken, { yieldWhenDue }: Tools): Promise<Inspection> {
  const header = readImageHeader(file);
  const names = readAppDescriptor(file);
  const isApp = names !== null || runsFromFlash(walk.segments);
  const finding = await brokenFinding(file, walk, yieldWhenDue);
  return {
    ...refused(isApp ? 'app' : 'unknown', file.length, finding),
    ...(finding.reason === 'truncated' ? { ...(names ?? NO_NAMES), revisions: header.revisions } : {}),
    chip: finding.reason === 'malformed' ? null : chipOf(header.chipId),
    segments: walk.segments,
  };
}

/** Whether checksum and appended hash are right; the hash is null where the image has none. */
export async function checkImage(
  image: Bytes,
  walk: Whole,
  tools: Tools,
): Promise<{ readonly checksumValid: boolean; readonly hashValid: boolean | null }> {
  const checksumValid = (await checksumOf(image, walk.segments, tools.yieldWhenDue)) === image[walk.checksumAt];
  if (walk.hashAt === null) return { checksumValid, hashValid: null };
  await tools.yieldWhenDue();
  const hash = await tools.digest('SHA-256', image.subarray(0, walk.hashAt));
  return { checksumValid, hashValid: sameBytes(hash, image.subarray(walk.hashAt, walk.end)) };
}

interface ImageBehind {
  readonly inner: InnerFile;
  readonly app: boolean;
}

/** The app at the file's start, without what follows it. */
function alone(size: number): InnerFile {
  return { name: null, how: 'partition', offset: 0, size };
}

/** An image of its own behind this one, at a sector's start: the file holds more than an app. */
function imageBehind(file: Bytes, end: number): ImageBehind | null {
  for (let at = Math.ceil(end / SECTOR) * SECTOR; at < file.length; at += SECTOR) {
    if (file[at] !== IMAGE_MAGIC) continue;
    const behind = file.subarray(at);
    const walk = walkImage(behind);
    if (walk.kind !== 'whole') continue;
    const { chipId } = readImageHeader(behind);
    if (!chipOf(chipId).known && chipId !== readImageHeader(file).chipId) continue;
    const inner: InnerFile = { name: null, how: 'partition', offset: at, size: walk.end };
    return { inner, app: isAppImage(behind, walk.segments) };
  }
  return null;
}

/** What is wrong with the bytes of an image that has all of its segments. */
async function damage(
  file: Bytes,
  facts: Facts,
  { hashAt, end }: Whole,
  yieldWhenDue: YieldWhenDue,
): Promise<Finding | null> {
  if (facts.checksumValid === false && hasOtherLineEndings(file)) {
    return { reason: 'damaged', kind: 'line-endings' };
  }
  if (facts.checksumValid && facts.hashValid !== false) return null;
  // The end is only filling, as after a download or a dump that stopped early: no hash is 32 times the same byte.
  const filling = file[end - 1] ?? 0;
  const isEmpty = (filling === 0 || filling === 0xff) && hashAt !== null && isFilled(file, hashAt, end, filling);
  if (isEmpty) return emptyFrom(file, end, yieldWhenDue);
  return facts.checksumValid === true ? { reason: 'hash-mismatch' } : { reason: 'damaged', kind: 'checksum' };
}

function refusal({ kind, chip, secureVersion }: Facts, aligned: boolean, behind: ImageBehind | null): Finding | null {
  if (kind === 'bootloader') return { reason: 'bootloader', at: 0 };
  if (!aligned) return { reason: 'malformed', kind: 'not-on-pages' };
  if (chip !== null && chipFacts(chip.id).needsDescriptor && secureVersion === null) {
    return { reason: 'descriptor-required', chipId: chip.id };
  }
  return behind === null ? null : { reason: 'trailing-image', kind: 'second-image' };
}

/** A file that is an image from its first byte on and holds together. */
export async function inspectWholeImage(file: Bytes, walk: Whole, tools: Tools): Promise<Inspection> {
  const { yieldWhenDue, digest } = tools;
  const header = readImageHeader(file);
  const app = readAppDescriptor(file);
  const isApp = isAppImage(file, walk.segments);
  const signature = await findSignature(file, walk.end, header.chipId, digest);
  const ownEnd = signature?.end ?? walk.end;
  const padded = await isStretchOf(0xff, file, ownEnd, file.length, yieldWhenDue);
  const behind = padded ? null : imageBehind(file, ownEnd);
  const kind = isApp ? 'app' : 'bootloader';
  const image = file.subarray(0, walk.end);
  const stated = { ...NO_NAMES, ...app };
  const tells = isApp ? await readTells(image, { chip: 'esp32', stated }, yieldWhenDue) : undefined;
  const facts: Facts = {
    ...blankFacts(kind, file.length),
    ...((isApp ? app : readBootloaderDescriptor(file)) ?? NO_NAMES),
    ...(await checkImage(file, walk, tools)),
    chip: chipOf(header.chipId),
    segments: walk.segments,
    revisions: header.revisions,
    signature: signature?.form ?? null,
    // A file that names another product is not MicroPython.
    micropython: isApp && tells === undefined ? await findMicroPython(image, yieldWhenDue) : null,
    ...(tells && { tells }),
    ...(builtOn(tells) !== null && { date: builtOn(tells) }),
    trailingBytes: file.length - ownEnd,
    // All of the file is written, and a signature sector takes its room even where the file ends within it.
    slotBytes: isApp ? Math.max(file.length, signature?.slotBytes ?? 0) : null,
    inside: behind === null ? [] : [...(isApp ? [alone(ownEnd)] : []), ...(behind.app ? [behind.inner] : [])],
  };
  const aligned = isPageAligned(file, walk.segments, app !== null);
  const wrong = (await damage(file, facts, walk, yieldWhenDue)) ?? refusal(facts, aligned, behind);
  // That a second image follows can be overruled, and then the warnings count.
  if (wrong !== null && wrong.reason !== 'trailing-image') return { ...facts, verdict: 'refuse', finding: wrong };
  const warnings = warningsAbout({
    ...facts,
    foreignBytes: padded || behind !== null ? 0 : facts.trailingBytes,
    efuseBlock: app === null ? null : readEfuseBlock(file),
    // A file that names another product needs no warning that it shows no sign of MicroPython.
    showsMicroPython:
      facts.micropython !== null || tells !== undefined || (await showsMicroPython(image, yieldWhenDue)),
  });
  if (wrong !== null) return { ...facts, verdict: 'refuse', finding: wrong, warnings };
  const [gravest] = warnings;
  if (gravest !== undefined) return { ...facts, verdict: 'warn', finding: gravest, warnings };
  const { chip, size } = facts;
  return { ...facts, verdict: 'accept', finding: { reason: 'ok', kind: 'whole', chipId: chip?.id ?? null, size } };
}
