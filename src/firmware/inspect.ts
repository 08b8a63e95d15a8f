/**
 * What a file is. Pure and total: any bytes in, one `Inspection` out; it never throws and never rejects (unless its
 * signal aborts), makes no copy of the file, and rests between slices so that the page stays alive.
 */
import { readAppDescriptor } from './image/app-descriptor.ts';
import { blankInspection } from './blank-inspection.ts';
import type { Finding } from './blank-inspection.ts';
import { exactBytes } from '../words/sizes.ts';
import { chipOf, ESP8266 } from '../model/chips.ts';
import { readDataPartition } from './flash/data-partition.ts';
import { digestOf } from './bytes/digest.ts';
import type { Digest } from './bytes/digest.ts';
import { IMAGE_HEADER_BYTES, IMAGE_MAGIC, readImageHeader, walkImage } from './image/esp-image.ts';
import { readEsp8266 } from './image/esp8266.ts';
import { findFullFlash } from './flash/full-flash.ts';
import { inspectForeignHead, inspectFullFlash, inspectLeadIn, inspectPacked } from './container/inspect-container.ts';
import { inspectBrokenImage, inspectWholeImage } from './image/inspect-image.ts';
import type { Tools } from './image/inspect-image.ts';
import type { FirmwareKind, Inspection } from '../model/inspection.ts';
import { imageAfterLeadIn } from './flash/lead-in.ts';
import { isFilled, startsWith, u16 } from './bytes/little-endian.ts';
import type { Bytes } from './bytes/little-endian.ts';
import { isOtadata } from './flash/otadata.ts';
import { readPartitionTable } from './flash/partition-table.ts';
import { PLAIN_TEXT_HEAD_BYTES, readPlainText } from './container/plain-text.ts';
import { AS_CHARACTERS, isImageAsCharacters } from './container/text-transfer.ts';
import { makeCountingBreather, Work } from './work.ts';

export interface InspectOptions {
  /** Hashes image and signature; by default `digest.ts` does. It must not reject. */
  readonly digest?: Digest;
  /** Gives way to the page between slices; by default a task of its own. */
  readonly rest?: () => Promise<void>;
  /** Ends the work: it then rejects with the signal's reason, and only then. */
  readonly signal?: AbortSignal | undefined;
  /** Counts what it costs, for who looks into what is inside as well. */
  readonly work?: Work;
}

/** The later form of the ESP8266's files begins with another byte. */
const ESP8266_V2_MAGIC = 0xea;
const ELF_MAGIC = [0x7f, 0x45, 0x4c, 0x46];
/** Machine numbers of the ELF header. */
const ELF_MACHINES: ReadonlyMap<number, string> = new Map([
  [94, 'Xtensa'],
  [243, 'RISC-V'],
]);

function refused(
  kind: FirmwareKind,
  kindName: string,
  file: Bytes,
  reason: Finding['reason'],
  message: string,
): Inspection {
  return blankInspection(kind, kindName, file.length, { verdict: 'refuse', reason, message });
}

async function inspectEsp8266(file: Bytes, { breathe }: Tools): Promise<Inspection | null> {
  const image = await readEsp8266(file, breathe);
  if (image === null) return null;
  const message = 'Built for the ESP8266. ViperHTTP devices are ESP32s: choose the file for your chip.';
  const { form, checksumValid } = image;
  return { ...refused('esp8266', `ESP8266 image (${form})`, file, 'esp8266', message), chip: ESP8266, checksumValid };
}

async function inspectImage(file: Bytes, tools: Tools): Promise<Inspection> {
  const { chipId, hashAppended } = readImageHeader(file);
  const walk = walkImage(file);
  const headerMakesSense = hashAppended <= 1;
  const known = chipOf(chipId).known;
  if (known && headerMakesSense && walk.whole) return inspectWholeImage(file, walk, tools);
  const other = (await inspectEsp8266(file, tools)) ?? inspectData(file);
  if (other !== null) return other;
  if (headerMakesSense && walk.whole) return inspectWholeImage(file, walk, tools);
  // What describes itself as an app is one, also for a chip that is newer than this page.
  const isImage = known || readAppDescriptor(file) !== null;
  if (isImage && headerMakesSense && !walk.whole) return inspectBrokenImage(file, walk, tools);
  return inspectNoise(file);
}

function inspectData(file: Bytes): Inspection | null {
  if (isOtadata(file)) {
    const message =
      'This is a boot selector (otadata), not an app. It says which slot starts; it is not sent as firmware.';
    return refused('otadata', 'boot selector (otadata)', file, 'otadata', message);
  }
  const table = readPartitionTable(file, 0);
  if (table !== null) {
    const message = 'This is a partition table, not an app. It is written by cable only.';
    return {
      ...refused('partition-table', 'partition table', file, 'partition-table', message),
      partitions: table.entries,
    };
  }
  const data = readDataPartition(file);
  if (data === null) return null;
  if (data.kind === 'nvs')
    return refused(
      'nvs',
      data.kindName,
      file,
      'nvs',
      'Settings image (NVS), not an app. It goes to the nvs partition.',
    );
  return refused(
    'file-system',
    data.kindName,
    file,
    'file-system',
    'File-system image, not an app. It goes to the data partition.',
  );
}

const TEXT_WORDS = {
  html: ['web page', 'This is a web page, not firmware. Download the raw file again.'],
  'git-lfs': ['Git LFS pointer', 'This is a Git LFS pointer, not the firmware itself. Download the raw file.'],
  json: ['JSON text', 'This is text (JSON), not firmware. Download the raw file again.'],
  text: ['text', 'This is text, not firmware. Download the raw file again.'],
} as const;

function inspectText(file: Bytes): Inspection | null {
  const form = readPlainText(file);
  // A page that fills the look may still have firmware behind it.
  if (form === null || (form === 'html' && file.length > PLAIN_TEXT_HEAD_BYTES)) {
    const headed = inspectForeignHead(file);
    if (headed !== null && (form === null || headed.kind !== 'text')) return headed;
  }
  if (form === null) return null;
  if (form === 'intel-hex') {
    return refused('hex', 'Intel HEX', file, 'intel-hex', 'Intel HEX, used by cable flashers. Choose the .bin.');
  }
  const [kindName, message] = TEXT_WORDS[form];
  return refused('text', kindName, file, 'text', message);
}

/** Bits a byte carries, over samples from all of the file: code has about 6, what is encrypted or packed nearly 8. */
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

/** Random bytes reach 7.95 in a sample of 4 KiB; shorter files cannot be told. */
const ENTROPY_OF_CIPHER = 7.9;
const LEAST_TO_MEASURE = 4096;

function inspectNoise(file: Bytes): Inspection {
  const unknown = (reason: Finding['reason'], message: string): Inspection =>
    refused('unknown', 'unknown', file, reason, message);
  if (isImageAsCharacters(file)) return { ...unknown('damaged', ''), ...AS_CHARACTERS };
  const [first] = file;
  const erased = first === 0xff || first === 0 ? isFilled(file, 0, Math.min(file.length, 64 * 1024), first) : false;
  if (erased)
    return unknown('malformed', 'Not readable as ESP firmware: the file starts with nothing but erased flash.');
  if (file.length >= LEAST_TO_MEASURE && entropyOf(file) > ENTROPY_OF_CIPHER) {
    return unknown(
      'maybe-encrypted',
      'Not readable as ESP firmware; it may be encrypted. Updates over the air need the plain file.',
    );
  }
  return unknown('malformed', 'Not readable as ESP firmware.');
}

function toolsFrom(options: InspectOptions): Tools {
  const { digest = digestOf, work = new Work() } = options;
  return {
    work,
    breathe: makeCountingBreather(work, options.rest, options.signal),
    digest: (algorithm, bytes) => {
      work.add(bytes.length);
      return digest(algorithm, bytes);
    },
  };
}

export async function inspect(file: Bytes, options: InspectOptions = {}): Promise<Inspection> {
  const tools = toolsFrom(options);
  if (file.length === 0)
    return refused('empty', 'empty file', file, 'empty', 'This file is empty. It is not firmware.');
  const packed = await inspectPacked(file, tools);
  if (packed !== null) return packed;
  if (startsWith(file, 0, ELF_MAGIC)) {
    const machine = ELF_MACHINES.get(u16(file, 18));
    const name = machine === undefined ? 'ELF file' : `ELF file (${machine})`;
    return refused('elf', name, file, 'elf', 'Debug file (ELF). Choose the .bin next to it.');
  }
  const text = inspectText(file);
  if (text !== null) return text;
  if (file.length < IMAGE_HEADER_BYTES) {
    const message = `This file has only ${exactBytes(file.length)}. It is not firmware.`;
    return refused('unknown', 'unknown', file, 'too-short', message);
  }
  const flash = await findFullFlash(file, tools.breathe);
  if (flash !== null) return inspectFullFlash(file, flash, tools);
  const leadIn = await imageAfterLeadIn(file, tools.breathe);
  const behind = leadIn === null ? null : await inspectLeadIn(file, leadIn, tools);
  if (behind !== null) return behind;
  if (file[0] === IMAGE_MAGIC) return inspectImage(file, tools);
  const found = file[0] === ESP8266_V2_MAGIC ? await inspectEsp8266(file, tools) : inspectData(file);
  return found ?? inspectNoise(file);
}
