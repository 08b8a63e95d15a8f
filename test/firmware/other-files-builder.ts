/** Builds files that are not apps and that people try to send all the same. */
import { concat, crc32, filled, noise, padTo, SECTOR, text, view } from './image-builder.ts';
import type { Bytes, SegmentRecipe } from './image-builder.ts';

/** A UF2 file of 256-byte payloads. The family defaults to ESP32-S3's; null leaves the family flag out. */
export function buildUf2(payload: Uint8Array, family: number | null = 0xc47e5767, address = 0): Bytes {
  const count = Math.ceil(payload.length / 256);
  const file = new Uint8Array(count * 512);
  for (let i = 0; i < count; i += 1) {
    const block = file.subarray(i * 512, (i + 1) * 512);
    const part = payload.subarray(i * 256, (i + 1) * 256);
    const data = view(block);
    data.setUint32(0, 0x0a324655, true);
    data.setUint32(4, 0x9e5d5157, true);
    data.setUint32(8, family === null ? 0 : 0x2000, true);
    data.setUint32(12, address + i * 256, true);
    data.setUint32(16, part.length, true);
    data.setUint32(20, i, true);
    data.setUint32(24, count, true);
    data.setUint32(28, family ?? 0, true);
    block.set(part, 32);
    data.setUint32(508, 0x0ab16f30, true);
  }
  return file;
}

function esp8266Segments(segments: readonly SegmentRecipe[], head: readonly number[]): Bytes {
  const parts: Uint8Array[] = [Uint8Array.from([...head, 0x10, 0xf0, 0x10, 0x40])];
  let sum = 0xef;
  for (const { address, data } of segments) {
    const header = new Uint8Array(8);
    view(header).setUint32(0, address, true);
    view(header).setUint32(4, data.length, true);
    parts.push(header, data);
    for (const byte of data) sum ^= byte;
  }
  const body = concat(...parts);
  const padded = concat(body, filled((Math.floor(body.length / 16) + 1) * 16 - body.length, 0));
  padded[padded.length - 1] = sum;
  return padded;
}

export interface Esp8266Recipe {
  /** Text that ends up in what is mapped from flash, followed by a NUL. */
  readonly strings?: readonly string[];
  /** The header's byte with flash speed and size: 4 MB. */
  readonly flash?: number;
  /** Whether it has its length and the CRC of the whole file, as the Arduino core writes them since its version 3. */
  readonly crc?: boolean;
  /** Without it: the image alone, as other tools make it. */
  readonly boot?: boolean;
}

/** An ESP8266 file: the Arduino pair (boot part at 0, app at 0x1000), or the later form that starts with 0xEA. */
export function buildEsp8266(
  version: 1 | 2 = 1,
  { strings = [], flash = 0x40, crc = false, boot = true }: Esp8266Recipe = {},
): Bytes {
  const ram = [
    { address: 0x40100000, data: noise(2048, 41) },
    { address: 0x3ffe8000, data: noise(512, 42) },
  ];
  if (version === 1) {
    // The first words of what is mapped are where the length and the CRC stand.
    const mapped = concat(noise(64, 40), ...strings.map((one) => text(`${one}\0`)), noise(512, 45));
    const parts = [{ address: 0x40201010, data: crc ? concat(filled(8, 0), mapped) : mapped }, ...ram];
    const app = esp8266Segments(parts, [0xe9, parts.length, 2, flash]);
    if (!boot) return app;
    const eboot = esp8266Segments([{ address: 0x4010f000, data: noise(1024, 43) }], [0xe9, 1, 2, flash]);
    const pair = concat(padTo(eboot, SECTOR, 0xaa), app);
    return crc ? withCrc(pair) : pair;
  }
  const app = esp8266Segments(ram, [0xe9, ram.length, 2, flash]);
  const irom = noise(4096, 44);
  const head = new Uint8Array(16);
  head.set([0xea, 4, 2, flash, 0x10, 0xf0, 0x10, 0x40]);
  view(head).setUint32(12, irom.length, true);
  return concat(head, irom, app, filled(4, 0x5a));
}

/** The CRC, bit by bit, as the core's own tool computes it. The eight bytes that it fills in count as zeros. */
function withCrc(file: Bytes): Bytes {
  let crc = 0xffffffff;
  for (const byte of file) {
    for (let mask = 0x80; mask > 0; mask >>= 1) {
      const isSet = crc >>> 31 !== ((byte & mask) === 0 ? 0 : 1);
      crc = ((crc << 1) ^ (isSet ? 0x04c11db7 : 0)) >>> 0;
    }
  }
  view(file).setUint32(SECTOR + 16, file.length, true);
  view(file).setUint32(SECTOR + 20, crc, true);
  return file;
}

async function deflated(bytes: Uint8Array, format: 'gzip' | 'deflate-raw'): Promise<Bytes> {
  const stream = new Blob([Uint8Array.from(bytes)]).stream().pipeThrough(new CompressionStream(format));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

export const buildGzip = (bytes: Uint8Array): Promise<Bytes> => deflated(bytes, 'gzip');

export interface ZipRecipe {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly stored?: boolean;
}

/** A ZIP as people's computers make them. */
export async function buildZip(entries: readonly ZipRecipe[]): Promise<Bytes> {
  // Archives for tests hold the same bytes many times over: each is packed once.
  const made = new Map<Uint8Array, { readonly packed: Bytes; readonly sum: number }>();
  const locals: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let at = 0;
  for (const entry of entries) {
    const name = text(entry.name);
    const { bytes, stored = false } = entry;
    const once = made.get(bytes) ?? { packed: await deflated(bytes, 'deflate-raw'), sum: crc32(bytes) };
    made.set(bytes, once);
    const data = stored ? bytes : once.packed;
    const common = new Uint8Array(26);
    const fields = view(common);
    fields.setUint16(0, 20, true);
    fields.setUint16(2, 0x800, true);
    fields.setUint16(4, stored ? 0 : 8, true);
    fields.setUint32(10, once.sum, true);
    fields.setUint32(14, data.length, true);
    fields.setUint32(18, bytes.length, true);
    fields.setUint16(22, name.length, true);
    const local = concat(Uint8Array.from([0x50, 0x4b, 3, 4]), common, name, data);
    const attributes = new Uint8Array(14);
    view(attributes).setUint32(10, at, true);
    central.push(concat(Uint8Array.from([0x50, 0x4b, 1, 2, 20, 0]), common, attributes, name));
    locals.push(local);
    at += local.length;
  }
  const directory = concat(...central);
  const end = new Uint8Array(22);
  const fields = view(end);
  fields.setUint32(0, 0x06054b50, true);
  fields.setUint16(8, entries.length, true);
  fields.setUint16(10, entries.length, true);
  fields.setUint32(12, directory.length, true);
  fields.setUint32(16, at, true);
  return concat(...locals, directory, end);
}

/** A tar archive with one file, as it was before it had a magic, or as POSIX has it. */
export function buildTar(name: string, bytes: Uint8Array, magic: 'ustar' | 'none' = 'ustar'): Bytes {
  const header = new Uint8Array(512);
  const put = (at: number, words: string): void => header.set(text(words), at);
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');
  put(0, name);
  put(100, '0000644\0');
  put(124, `${octal(bytes.length, 11)}\0`);
  put(148, '        ');
  put(156, '0');
  if (magic === 'ustar') put(257, 'ustar\u000000');
  put(
    148,
    `${octal(
      header.reduce((sum, byte) => sum + byte, 0),
      6,
    )}\0 `,
  );
  return concat(header, padTo(bytes, 512, 0), filled(1024, 0));
}

/** The sizes are those of small data partitions. */
export function buildLittlefs(): Bytes {
  const bytes = filled(16 * SECTOR, 0xff);
  bytes.set([1, 0, 0, 0, 0xf0, 0x0f, 0xff, 0xf7]);
  bytes.set(text('littlefs'), 8);
  return bytes;
}

export function buildSpiffs(blocks = 16): Bytes {
  const bytes = filled(blocks * SECTOR, 0xff);
  for (let i = 0; i < blocks; i += 1) view(bytes).setUint16(i * SECTOR + 252, 0x0529 ^ 0x100 ^ (blocks - i), true);
  return bytes;
}

export function buildNvs(): Bytes {
  const bytes = filled(6 * SECTOR, 0xff);
  const data = view(bytes);
  data.setUint32(0, 0xfffffffe, true);
  data.setUint32(4, 0, true);
  bytes[8] = 0xfe;
  data.setUint32(28, crc32(bytes.subarray(4, 28), 0xffffffff), true);
  return bytes;
}

export function buildFat(wearLevelling = false): Bytes {
  const volume = filled(16 * SECTOR, 0);
  volume.set([0xeb, 0xfe, 0x90]);
  volume.set(text('MSDOS5.0'), 3);
  view(volume).setUint16(11, 4096, true);
  volume[13] = 1;
  volume.set([0x55, 0xaa], 510);
  return wearLevelling ? concat(filled(SECTOR, 0xff), volume) : volume;
}

export function buildElf(machine = 94): Bytes {
  const bytes = new Uint8Array(256);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  view(bytes).setUint16(16, 2, true);
  view(bytes).setUint16(18, machine, true);
  return bytes;
}

export function buildIntelHex(): Bytes {
  return text(':020000040000FA\r\n:10000000EF0000EA00000000000000000000000017\r\n:00000001FF\r\n');
}
