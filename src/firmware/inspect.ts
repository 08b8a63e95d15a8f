/**
 * What a file is. Pure and total: any bytes in, one `Inspection` out; it never throws and never rejects (unless its
 * signal aborts), makes no copy of the file, and yields between slices so that the page stays alive.
 */
import { readAppDescriptor } from './image/app-descriptor.ts';
import { refused } from './blank-inspection.ts';
import { chipOf } from '../model/firmware/chips.ts';
import { kindOfDataPartition } from './flash/data-partition.ts';
import { digestOf } from './bytes/digest.ts';
import type { Digest } from './bytes/digest.ts';
import { IMAGE_HEADER_BYTES, IMAGE_MAGIC, readImageHeader, walkImage } from './image/esp-image.ts';
import { inspectEsp8266 } from './image/inspect-esp8266.ts';
import { findFullFlash } from './flash/full-flash.ts';
import { inspectForeignHead, inspectFullFlash, inspectLeadIn, inspectPacked } from './container/inspect-container.ts';
import { inspectBrokenImage, inspectWholeImage } from './image/inspect-image.ts';
import type { Tools } from './image/inspect-image.ts';
import type { Finding } from '../model/firmware/finding.ts';
import type { Inspection } from '../model/firmware/inspection.ts';
import { imageAfterLeadIn } from './flash/lead-in.ts';
import { isFilled, startsWith } from './bytes/little-endian.ts';
import type { Bytes } from './bytes/little-endian.ts';
import { isOtadata } from './flash/otadata.ts';
import { readPartitionTable } from './flash/partition-table.ts';
import { PLAIN_TEXT_HEAD_BYTES, readPlainText } from './container/plain-text.ts';
import { isImageAsCharacters } from './container/text-transfer.ts';
import { makeCountingYielder, Work } from './work.ts';

export interface InspectOptions {
  /** Hashes image and signature; by default `digest.ts` does. It must not reject. */
  readonly digest?: Digest;
  /** Yields to the page between slices; by default until the next task. */
  readonly yieldToPage?: () => Promise<void>;
  /** Ends the work: it then rejects with the signal's reason, and only then. */
  readonly signal?: AbortSignal | undefined;
  /** Counts what it costs, for a caller that looks into the files inside as well. */
  readonly work?: Work;
}

/** The later form of the ESP8266's files begins with another byte. */
const ESP8266_V2_MAGIC = 0xea;
const ELF_MAGIC = [0x7f, 0x45, 0x4c, 0x46];

async function inspectImage(file: Bytes, tools: Tools): Promise<Inspection> {
  const { chipId, hashAppended } = readImageHeader(file);
  const walk = walkImage(file);
  const headerMakesSense = hashAppended <= 1;
  const known = chipOf(chipId).known;
  if (known && headerMakesSense && walk.kind === 'whole') return inspectWholeImage(file, walk, tools);
  const other = (await inspectEsp8266(file, tools)) ?? inspectData(file);
  if (other !== null) return other;
  if (headerMakesSense && walk.kind === 'whole') return inspectWholeImage(file, walk, tools);
  // An image with an app descriptor is an app, even for a chip that is newer than this page.
  const isImage = known || readAppDescriptor(file) !== null;
  if (isImage && headerMakesSense && walk.kind !== 'whole') return inspectBrokenImage(file, walk, tools);
  return inspectNoise(file);
}

function inspectData(file: Bytes): Inspection | null {
  if (isOtadata(file)) return refused('otadata', file.length, { reason: 'otadata' });
  const table = readPartitionTable(file, 0);
  if (table !== null) {
    const partitions = table.entries;
    return { ...refused('partition-table', file.length, { reason: 'partition-table' }), partitions };
  }
  const kind = kindOfDataPartition(file);
  return kind === null ? null : refused(kind, file.length, { reason: kind });
}

function inspectText(file: Bytes): Inspection | null {
  const form = readPlainText(file);
  // A web page that fills the bytes looked at may still have firmware behind it.
  if (form === null || (form === 'web-page' && file.length > PLAIN_TEXT_HEAD_BYTES)) {
    const headed = inspectForeignHead(file);
    if (headed !== null && (form === null || headed.kind !== 'text')) return headed;
  }
  if (form === null) return null;
  if (form === 'intel-hex') return refused('hex', file.length, { reason: 'intel-hex' });
  return refused('text', file.length, { reason: 'text', kind: form });
}

/** Entropy in bits per byte, over samples from all of the file: code has about 6, encrypted or packed data nearly 8. */
function entropyOf(file: Bytes): number {
  const samples = 16;
  const each = 4096;
  const counts = new Uint32Array(256);
  let total = 0;
  for (let index = 0; index < samples; index += 1) {
    const at = Math.floor((Math.max(0, file.length - each) * index) / (samples - 1));
    for (const byte of file.subarray(at, at + each)) counts[byte] = (counts[byte] ?? 0) + 1;
    total += Math.min(each, file.length);
  }
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= (count / total) * Math.log2(count / total);
  return bits;
}

/** Random bytes reach 7.95 in a sample of 4 KiB; of shorter files this shows nothing. */
const ENTROPY_OF_CIPHER = 7.9;
const LEAST_TO_MEASURE = 4096;

function inspectNoise(file: Bytes): Inspection {
  const unknown = (finding: Finding): Inspection => refused('unknown', file.length, finding);
  if (isImageAsCharacters(file)) return unknown({ reason: 'damaged', kind: 'characters' });
  const [first] = file;
  const erased = first === 0xff || first === 0 ? isFilled(file, 0, Math.min(file.length, 64 * 1024), first) : false;
  if (erased) return unknown({ reason: 'malformed', kind: 'starts-erased' });
  if (file.length >= LEAST_TO_MEASURE && entropyOf(file) > ENTROPY_OF_CIPHER) {
    return unknown({ reason: 'maybe-encrypted' });
  }
  return unknown({ reason: 'malformed', kind: 'unknown' });
}

function toolsFrom(options: InspectOptions): Tools {
  const { digest = digestOf, work = new Work() } = options;
  return {
    work,
    yieldWhenDue: makeCountingYielder(work, options.yieldToPage, options.signal),
    digest: (algorithm, bytes) => {
      work.add(bytes.length);
      return digest(algorithm, bytes);
    },
  };
}

export async function inspect(file: Bytes, options: InspectOptions = {}): Promise<Inspection> {
  const tools = toolsFrom(options);
  if (file.length === 0) return refused('empty', 0, { reason: 'empty' });
  const packed = await inspectPacked(file, tools);
  if (packed !== null) return packed;
  if (startsWith(file, 0, ELF_MAGIC)) return refused('elf', file.length, { reason: 'elf' });
  const text = inspectText(file);
  if (text !== null) return text;
  if (file.length < IMAGE_HEADER_BYTES) {
    return refused('unknown', file.length, { reason: 'too-short', size: file.length });
  }
  const flash = await findFullFlash(file, tools.yieldWhenDue);
  if (flash !== null) return inspectFullFlash(file, flash, tools);
  const leadIn = await imageAfterLeadIn(file, tools.yieldWhenDue);
  const behind = leadIn === null ? null : await inspectLeadIn(file, leadIn, tools);
  if (behind !== null) return behind;
  if (file[0] === IMAGE_MAGIC) return inspectImage(file, tools);
  const found = file[0] === ESP8266_V2_MAGIC ? await inspectEsp8266(file, tools) : inspectData(file);
  return found ?? inspectNoise(file);
}
