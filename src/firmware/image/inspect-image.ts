/** A file that is one ESP image: app, bootloader, or what is left of one. */
import { isAppImage, NO_NAMES, readAppDescriptor, readBootloaderDescriptor, readEfuseBlock } from './app-descriptor.ts';
import { warningsAbout } from './app-warnings.ts';
import { blankFacts, blankInspection } from '../blank-inspection.ts';
import type { Facts, Finding } from '../blank-inspection.ts';
import { exactBytes, sizeInWords } from '../../words/sizes.ts';
import { chipFacts, chipOf } from '../../model/chips.ts';
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
import type { InnerFile, Inspection, Warning } from '../../model/inspection.ts';
import { isFilled, sameBytes } from '../bytes/little-endian.ts';
import type { Bytes } from '../bytes/little-endian.ts';
import { findMicroPython, showsMicroPython } from './micropython.ts';
import { findSignature } from './signature.ts';
import { hasOtherLineEndings, LINE_ENDINGS } from '../container/text-transfer.ts';
import { inOne } from './warnings.ts';
import { GLANCE } from '../work.ts';
import type { Breathe, Work } from '../work.ts';

export interface Tools {
  readonly digest: Digest;
  readonly breathe: Breathe;
  readonly work: Work;
}

type Whole = Extract<ImageWalk, { whole: true }>;
type Broken = Extract<ImageWalk, { whole: false }>;

const SECTOR = 4096;

/** Bytes between two looks at the clock. */
const SLICE_BYTES = 256 * 1024;

/** Where the stretch begins that fills everything up to `end` with its last byte. */
async function startOfStretch(file: Bytes, end: number, breathe: Breathe): Promise<number> {
  const filling = file[end - 1];
  let start = end;
  while (start > 0 && file[start - 1] === filling) {
    start -= 1;
    if ((end - start) % SLICE_BYTES === 0) await breathe(SLICE_BYTES / GLANCE);
  }
  return start;
}

/** A file that keeps its length and has nothing in it from some byte on: a download that stopped, a torn dump. */
async function emptyFrom(file: Bytes, end: number, breathe: Breathe): Promise<Finding> {
  const filling = file[end - 1] === 0 ? 'are zeros' : 'is erased flash';
  const from = (await startOfStretch(file, end, breathe)).toLocaleString('en-US');
  const message = `Incomplete: from byte ${from} on there ${filling} where more of the firmware should be. Download it again.`;
  return { verdict: 'refuse', reason: 'truncated', message };
}

async function brokenFinding(file: Bytes, walk: Broken, breathe: Breathe): Promise<Finding> {
  if (hasOtherLineEndings(file)) return LINE_ENDINGS;
  switch (walk.why) {
    case 'broken': {
      const message = 'Not readable as ESP firmware: it starts like an image, but its structure is wrong.';
      return { verdict: 'refuse', reason: 'malformed', message };
    }
    case 'erased': {
      const last = walk.segments.at(-1);
      return emptyFrom(file, (last === undefined ? IMAGE_HEADER_BYTES : last.fileOffset + last.length) + 1, breathe);
    }
    case 'cut-off': {
      const missing = `${walk.exact ? '' : 'at least '}${exactBytes(walk.missing)}`;
      return { verdict: 'refuse', reason: 'truncated', message: `Incomplete: ${missing} missing. Download it again.` };
    }
  }
}

/** A file that starts like an image and does not hold together. */
export async function inspectBrokenImage(file: Bytes, walk: Broken, { breathe }: Tools): Promise<Inspection> {
  const header = readImageHeader(file);
  const names = readAppDescriptor(file);
  const isApp = names !== null || runsFromFlash(walk.segments);
  const finding = await brokenFinding(file, walk, breathe);
  return {
    ...blankInspection(isApp ? 'app' : 'unknown', isApp ? 'app' : 'part of an image', file.length, finding),
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
  const checksumValid = (await checksumOf(image, walk.segments, tools.breathe)) === image[walk.checksumAt];
  if (walk.hashAt === null) return { checksumValid, hashValid: null };
  await tools.breathe();
  const hash = await tools.digest('SHA-256', image.subarray(0, walk.hashAt));
  return { checksumValid, hashValid: sameBytes(hash, image.subarray(walk.hashAt, walk.end)) };
}

interface ImageBehind {
  readonly inner: InnerFile;
  readonly app: boolean;
}

/** The app at the file's start, without what follows it. */
function alone(size: number): InnerFile {
  return { name: 'first image', how: 'partition', offset: 0, size };
}

/** An image of its own behind this one, at a sector's start: the file holds more than an app. */
function imageBehind(file: Bytes, end: number): ImageBehind | null {
  for (let at = Math.ceil(end / SECTOR) * SECTOR; at < file.length; at += SECTOR) {
    if (file[at] !== IMAGE_MAGIC) continue;
    const behind = file.subarray(at);
    const walk = walkImage(behind);
    if (!walk.whole) continue;
    const { chipId } = readImageHeader(behind);
    if (!chipOf(chipId).known && chipId !== readImageHeader(file).chipId) continue;
    const inner: InnerFile = { name: `image at 0x${at.toString(16)}`, how: 'partition', offset: at, size: walk.end };
    return { inner, app: isAppImage(behind, walk.segments) };
  }
  return null;
}

function refuse(reason: Finding['reason'], message: string): Finding {
  return { verdict: 'refuse', reason, message };
}

/** What is wrong with its bytes. */
async function damage(file: Bytes, facts: Facts, { hashAt, end }: Whole, breathe: Breathe): Promise<Finding | null> {
  if (facts.checksumValid === false && hasOtherLineEndings(file)) return LINE_ENDINGS;
  if (facts.checksumValid && facts.hashValid !== false) return null;
  // Filled up with nothing, as a download or a dump is that stopped early: no hash is 32 times the same byte.
  const filling = file[end - 1] ?? 0;
  const isEmpty = (filling === 0 || filling === 0xff) && hashAt !== null && isFilled(file, hashAt, end, filling);
  if (isEmpty) return emptyFrom(file, end, breathe);
  if (!facts.checksumValid) return refuse('damaged', 'Damaged: its checksum is wrong. Download or build it again.');
  return refuse('hash-mismatch', 'Changed after it was built: its hash does not match. Download or build it again.');
}

function refusal(facts: Facts, aligned: boolean, behind: ImageBehind | null): Finding | null {
  if (facts.kind === 'bootloader') {
    return refuse('bootloader', 'This is a bootloader. Sent as an app it would not start. Choose the app’s .bin.');
  }
  if (!aligned) return refuse('malformed', 'Not readable as ESP firmware: its segments do not lie on flash pages.');
  if (facts.chip !== null && chipFacts(facts.chip.id).needsDescriptor && facts.secureVersion === null) {
    const message = `It carries no app description, and ESP-IDF 5.4 and later refuse that on ${facts.chip.name}.`;
    return refuse('descriptor-required', message);
  }
  if (behind === null) return null;
  return refuse(
    'trailing-image',
    'A second image follows the firmware in this file. Choose the file of the app alone.',
  );
}

function warned(warnings: readonly Warning[]): Finding | null {
  const [first] = warnings;
  return first === undefined ? null : { verdict: 'warn', reason: first.reason, message: inOne(warnings) };
}

function acceptance(facts: Facts): Finding {
  const chip = facts.chip?.name ?? '';
  return {
    verdict: 'accept',
    reason: 'ok',
    message: `Firmware for ${chip}, ${sizeInWords(facts.size)}, whole and unchanged.`,
  };
}

/** A file that is an image from its first byte on and holds together. */
export async function inspectWholeImage(file: Bytes, walk: Whole, tools: Tools): Promise<Inspection> {
  const { breathe, digest } = tools;
  const header = readImageHeader(file);
  const app = readAppDescriptor(file);
  const isApp = isAppImage(file, walk.segments);
  const signature = await findSignature(file, walk.end, header.chipId, digest);
  const ownEnd = signature?.end ?? walk.end;
  const padded = await isStretchOf(0xff, file, ownEnd, file.length, breathe);
  const behind = padded ? null : imageBehind(file, ownEnd);
  const kind = isApp ? 'app' : 'bootloader';
  const image = file.subarray(0, walk.end);
  const facts: Facts = {
    ...blankFacts(kind, kind, file.length),
    ...((isApp ? app : readBootloaderDescriptor(file)) ?? NO_NAMES),
    ...(await checkImage(file, walk, tools)),
    chip: chipOf(header.chipId),
    segments: walk.segments,
    revisions: header.revisions,
    signature: signature?.form ?? null,
    micropython: isApp ? await findMicroPython(image, breathe) : null,
    trailingBytes: file.length - ownEnd,
    // All of the file is written, and a signature sector takes its room even where the file ends within it.
    slotBytes: isApp ? Math.max(file.length, signature?.slotBytes ?? 0) : null,
    inside: behind === null ? [] : [...(isApp ? [alone(ownEnd)] : []), ...(behind.app ? [behind.inner] : [])],
  };
  const aligned = isPageAligned(file, walk.segments, app !== null);
  const refused = (await damage(file, facts, walk, breathe)) ?? refusal(facts, aligned, behind);
  // That a second image follows can be overruled, and then the warnings count.
  if (refused !== null && refused.reason !== 'trailing-image') return { ...facts, ...refused };
  const warnings = warningsAbout({
    ...facts,
    foreignBytes: padded || behind !== null ? 0 : facts.trailingBytes,
    efuseBlock: app === null ? null : readEfuseBlock(file),
    showsMicroPython: facts.micropython !== null || (await showsMicroPython(image, breathe)),
  });
  return { ...facts, ...(refused ?? warned(warnings) ?? acceptance(facts)), warnings };
}
