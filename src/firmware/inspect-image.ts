/** A file that is one ESP image: app, bootloader, or what is left of one. */
import { isAppImage, NO_NAMES, readAppDescriptor, readBootloaderDescriptor } from './app-descriptor.ts';
import { blankInspection } from './blank-inspection.ts';
import type { Finding } from './blank-inspection.ts';
import type { Breathe } from './breather.ts';
import { exactBytes, sizeInWords } from './bytes-in-words.ts';
import { chipFacts, chipOf } from './chips.ts';
import type { Digest } from './digest.ts';
import {
  checksumOf,
  IMAGE_MAGIC,
  isErasedFrom,
  isPageAligned,
  readImageHeader,
  revisionInWords,
  runsFromFlash,
  walkImage,
} from './esp-image.ts';
import type { ImageWalk } from './esp-image.ts';
import type { InnerFile, Inspection } from './inspection.ts';
import { sameBytes } from './little-endian.ts';
import type { Bytes } from './little-endian.ts';
import { findMicroPython } from './micropython.ts';
import { findSignature } from './signature.ts';

export interface Tools {
  readonly digest: Digest;
  readonly breathe: Breathe;
}

type Whole = Extract<ImageWalk, { whole: true }>;
type Broken = Extract<ImageWalk, { whole: false }>;

const SECTOR = 4096;

/** Text transfers turn every LF into CR LF. Real images have hundreds of LFs, and nearly none after a CR. */
function isLineEndingDamage(file: Bytes): boolean {
  const head = file.subarray(0, 64 * 1024);
  let lineFeeds = 0;
  for (let at = head.indexOf(0x0a); at !== -1; at = head.indexOf(0x0a, at + 1)) {
    if (head[at - 1] !== 0x0d) return false;
    lineFeeds += 1;
  }
  // Four in a row by chance: one in four thousand million.
  return lineFeeds >= 4;
}

const LINE_ENDINGS: Finding = {
  verdict: 'refuse',
  reason: 'damaged',
  message: 'Damaged: a text transfer changed its line endings. Send or download it again as a binary file.',
};

function brokenFinding(file: Bytes, walk: Broken): Finding {
  if (isLineEndingDamage(file)) return LINE_ENDINGS;
  if (walk.why === 'broken') {
    const message = 'Not readable as ESP firmware: it starts like an image, but its structure is wrong.';
    return { verdict: 'refuse', reason: 'malformed', message };
  }
  const missing = `${walk.exact ? '' : 'at least '}${exactBytes(walk.missing)}`;
  return { verdict: 'refuse', reason: 'truncated', message: `Incomplete: ${missing} missing. Download it again.` };
}

/** A file that starts like an image and does not hold together. */
export function inspectBrokenImage(file: Bytes, walk: Broken): Inspection {
  const header = readImageHeader(file);
  const names = readAppDescriptor(file);
  const isApp = names !== null || runsFromFlash(walk.segments);
  const finding = brokenFinding(file, walk);
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
    if (!walk.whole || !chipOf(readImageHeader(behind).chipId).known) continue;
    const inner: InnerFile = { name: `image at 0x${at.toString(16)}`, how: 'partition', offset: at, size: walk.end };
    return { inner, app: runsFromFlash(walk.segments) };
  }
  return null;
}

type Facts = Omit<Inspection, keyof Finding>;

function refusal(facts: Facts, aligned: boolean, behind: ImageBehind | null): Finding | null {
  const refuse = (reason: Finding['reason'], message: string): Finding => ({ verdict: 'refuse', reason, message });
  if (facts.checksumValid === false)
    return refuse('damaged', 'Damaged: its checksum is wrong. Download or build it again.');
  if (facts.hashValid === false) {
    return refuse('hash-mismatch', 'Changed after it was built: its hash does not match. Download or build it again.');
  }
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

function warning(facts: Facts, foreignBytes: number): Finding | null {
  const warn = (reason: Finding['reason'], message: string): Finding => ({ verdict: 'warn', reason, message });
  if (foreignBytes > 0) {
    const verb = foreignBytes === 1 ? 'follows' : 'follow';
    return warn(
      'trailing-bytes',
      `${exactBytes(foreignBytes).replace(/ (?=byte)/, ' unknown ')} ${verb} the firmware in this file.`,
    );
  }
  if (facts.signature?.wellFormed === false) {
    return warn(
      'signature-malformed',
      'Its signature is broken: a device that takes only signed firmware will refuse it.',
    );
  }
  if (facts.hashValid === null) {
    return warn('no-hash', 'Looks valid, but carries no hash: only a weak checksum shows that it is whole.');
  }
  if (facts.secureVersion === null) return warn('no-descriptor', 'Looks valid, but carries no name and no version.');
  if (facts.chip?.known === false) {
    return warn('unknown-chip', `Built for chip id ${facts.chip.id}, which is unknown here: newer than this page?`);
  }
  const { chip, revisions } = facts;
  if (chip !== null && revisions !== null && revisions.min > chipFacts(chip.id).usualMinRevision) {
    return warn('chip-revision', `Needs ${chip.name} revision ${revisionInWords(revisions.min)} or newer.`);
  }
  return null;
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
  const header = readImageHeader(file);
  const app = readAppDescriptor(file);
  const isApp = isAppImage(file, walk.segments);
  const signature = await findSignature(file, walk.end, header.chipId, tools.digest);
  const ownEnd = signature?.end ?? walk.end;
  const padded = await isErasedFrom(file, ownEnd, tools.breathe);
  const behind = padded ? null : imageBehind(file, ownEnd);
  const blank = blankInspection(isApp ? 'app' : 'bootloader', isApp ? 'app' : 'bootloader', file.length, {
    verdict: 'refuse',
    reason: 'malformed',
    message: '',
  });
  const facts: Inspection = {
    ...blank,
    ...((isApp ? app : readBootloaderDescriptor(file)) ?? NO_NAMES),
    ...(await checkImage(file, walk, tools)),
    chip: chipOf(header.chipId),
    segments: walk.segments,
    revisions: header.revisions,
    signature: signature?.form ?? null,
    micropython: isApp ? await findMicroPython(file.subarray(0, walk.end), tools.breathe) : null,
    trailingBytes: file.length - ownEnd,
    // All of the file is written, and a signature sector takes its room even where the file ends within it.
    slotBytes: isApp ? Math.max(file.length, signature?.slotBytes ?? 0) : null,
    inside: behind === null ? [] : [...(isApp ? [alone(ownEnd)] : []), ...(behind.app ? [behind.inner] : [])],
  };
  const aligned = isPageAligned(file, walk.segments, app !== null);
  const textTransfer = facts.checksumValid === false && isLineEndingDamage(file) ? LINE_ENDINGS : null;
  const finding =
    textTransfer ??
    refusal(facts, aligned, behind) ??
    warning(facts, padded ? 0 : facts.trailingBytes) ??
    acceptance(facts);
  return { ...facts, ...finding };
}
