/**
 * How an ESPHome device takes an update by its own protocol, step by step from its side. Source: ESPHome 2024.11 and
 * 2026.6, `ota_esphome.cpp`.
 */
import type { Power } from '../power.ts';
import type { Connection } from './connection.ts';
import { type BreakingFault, dueAt, type EsphomeFault, type EsphomeWhen } from './faults.ts';
import type { EsphomeOptions } from './options.ts';

const MAGIC = [0x6c, 0x26, 0xf7, 0x5c, 0x45] as const;
const BLOCK = 8192;
/** How many bytes it reads and writes at a time. */
const BUFFER = 1024;
const FLASH_BLOCK = 4096;
const GZIP = 0x1f;
const COMPRESSION = 0x01;
const SHA256 = 0x02;
const EXTENDED = 0x04;

/** The hash functions of the device: bytes in, hex digits out. */
export interface Hashes {
  readonly md5: (bytes: Uint8Array) => string;
  readonly sha256: (bytes: Uint8Array) => string;
}

/** One update, as far as it came. */
export interface Taken {
  /** Whether the password was right, or none was wanted. */
  signedIn: boolean;
  /** Bytes that were written. */
  written: number;
  ended: boolean;
}

export interface Passing {
  readonly connection: Connection;
  readonly fault: EsphomeFault | null;
  readonly power: Power;
  readonly options: EsphomeOptions;
  readonly hashes: Hashes;
  readonly taken: Taken;
  /** Never answers. */
  readonly fail: (fault: BreakingFault) => Promise<never>;
  /** Called once the image is whole, to make it bootable. */
  readonly keep: (image: Uint8Array<ArrayBuffer>) => void;
}

/** The device refuses, with this number. */
class Refused extends Error {
  readonly code: number;

  constructor(code: number) {
    super();
    this.code = code;
  }
}

/** Takes one update. A refusal was sent when this resolves. */
export async function takeUpdate(passing: Passing): Promise<void> {
  const { connection } = passing;
  try {
    await take(passing);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    await connection.write(Uint8Array.of(error.code)).catch(() => undefined);
  } finally {
    connection.close();
  }
}

async function take(passing: Passing): Promise<void> {
  const { connection, fault, options, hashes, taken, keep } = passing;
  const breaks = (at: EsphomeWhen): Promise<void> => breakAt(passing, at);
  const magic = await connection.read(MAGIC.length);
  await breaks('before');
  if (fault?.kind === 'garbage') {
    await connection.write(new TextEncoder().encode('HTTP/1.1 400 Bad Request\r\n\r\n'));
    return;
  }
  if (MAGIC.some((byte, at) => magic[at] !== byte)) throw new Refused(0x80);
  await connection.write(Uint8Array.of(0x00, options.otaVersion));
  const [features = 0] = await connection.read(1);
  // Only builds since 2026.5 know the extended protocol; no ESP32 takes compressed images.
  const isExtended = (features & EXTENDED) !== 0 && options.auth === 'sha256';
  const compresses = (features & COMPRESSION) !== 0 && options.platform === 'ESP8266';
  await connection.write(
    isExtended ? Uint8Array.of(0x48, compresses ? 1 : 0) : Uint8Array.of(compresses ? 0x46 : 0x40),
  );
  await signIn(passing, features);
  taken.signedIn = true;
  await connection.write(Uint8Array.of(0x41));
  const kind = isExtended ? await connection.read(1) : Uint8Array.of(0);
  const size = new DataView((await connection.read(4)).buffer).getUint32(0);
  if (kind[0] !== 0) throw new Refused(0x8e);
  if (size > options.slotBytes) throw new Refused(options.platform === 'ESP8266' ? 0x88 : 0x89);
  await spend(passing, (options.costs.eraseMsPerBlock * size) / FLASH_BLOCK);
  if (fault?.kind === 'error' && fault.when === 'prepare') throw new Refused(fault.code);
  await connection.write(Uint8Array.of(0x42));
  const md5 = new TextDecoder().decode(await connection.read(32));
  await connection.write(Uint8Array.of(0x43));
  const image = await receive(passing, size);
  await connection.write(Uint8Array.of(0x44));
  await breaks('written');
  if (fault?.kind === 'error' && fault.when === 'end') throw new Refused(fault.code);
  if (hashes.md5(image) !== md5.toLowerCase()) throw new Refused(0x8b);
  const app = image[0] === GZIP && options.platform === 'ESP8266' ? await unpacked(image) : image;
  if (app?.[0] !== 0xe9 || !options.isWhole(app)) throw new Refused(0x84);
  keep(app);
  taken.ended = true;
  await breaks('after');
  await connection.write(Uint8Array.of(0x45)).catch(() => undefined);
  await connection.read(1).catch(() => undefined);
}

async function signIn({ connection, options, hashes, fault }: Passing, features: number): Promise<void> {
  if (fault?.kind === 'error' && fault.when === 'sign-in') throw new Refused(fault.code);
  const { password, auth } = options;
  if (password === null) return;
  if (auth === 'sha256' && (features & SHA256) === 0) throw new Refused(0x82);
  const ascii = new TextEncoder();
  const hash = hashes[auth];
  const nonce = hash(crypto.getRandomValues(new Uint8Array(16)));
  await connection.write(Uint8Array.of(auth === 'sha256' ? 0x02 : 0x01, ...ascii.encode(nonce)));
  const given = new TextDecoder().decode(await connection.read(nonce.length * 2));
  const own = given.slice(0, nonce.length);
  if (hash(ascii.encode(password + nonce + own)) !== given.slice(nonce.length)) throw new Refused(0x82);
}

async function receive(passing: Passing, size: number): Promise<Uint8Array<ArrayBuffer>> {
  const { connection, fault, options, taken } = passing;
  const image = new Uint8Array(size);
  let acknowledged = 0;
  for (let at = 0; at < size;) {
    const bytes = await connection.read(Math.min(BUFFER, size - at));
    image.set(bytes, at);
    if (fault?.kind === 'corrupt' && fault.at >= at && fault.at < at + bytes.length)
      image[fault.at] = (image[fault.at] ?? 0) ^ 1;
    at += bytes.length;
    await spend(passing, (options.costs.programMsPerBlock * bytes.length) / FLASH_BLOCK);
    taken.written = at;
    await breakAt(passing, { bytes: at });
    if (fault?.kind === 'error' && typeof fault.when === 'object' && at >= fault.when.bytes)
      throw new Refused(fault.code);
    while (options.otaVersion === 2 && (acknowledged + BLOCK <= at || (at === size && acknowledged < size))) {
      await connection.write(Uint8Array.of(0x47));
      acknowledged += BLOCK;
    }
  }
  return image;
}

async function breakAt({ fault, fail }: Passing, at: EsphomeWhen): Promise<void> {
  const due = dueAt(fault, at);
  if (due !== null) await fail(due);
}

async function spend({ options, power }: Passing, ms: number): Promise<void> {
  if (ms > 0) await options.clock.sleep(ms);
  power.check();
}

/** Unpacks a compressed image, as the bootloader does, which is no part of the protocol. Null: it is damaged. */
async function unpacked(image: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    const stream = new Blob([image]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    // It is damaged.
    return null;
  }
}
