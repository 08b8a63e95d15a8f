/**
 * ESPHome's own update protocol, from the client's side, over any connection. Source: ESPHome 2024.11 and 2026.6,
 * `components/esphome/ota/ota_esphome.cpp`, `components/ota/ota_backend.h`, `espota2.py`.
 */
import { md5 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { hex } from '../../model/hex.ts';
import type { RawConnection } from '../../model/device/raw-connection.ts';
import type { UploadAnswer } from '../../model/device/whole-image-link.ts';
import type { UpdateErrorCode } from '../../model/update/error-codes.ts';
import { UpdateError } from '../../model/update/update-error.ts';

const MAGIC = Uint8Array.of(0x6c, 0x26, 0xf7, 0x5c, 0x45);
/**
 * The features that this client announces. No other one is: compression and other kinds of images would change what is
 * sent.
 */
const SUPPORTS_SHA256_AUTH = 0x02;
/** From this version on each block is acknowledged after it was written. */
const ACKNOWLEDGES = 2;
const BLOCK_BYTES = 8192;

const OK = 0x00;
const ASKS_MD5 = 0x01;
const ASKS_SHA256 = 0x02;
const HEADER_OK = 0x40;
const AUTH_OK = 0x41;
const PREPARE_OK = 0x42;
const MD5_OK = 0x43;
const RECEIVE_OK = 0x44;
const END_OK = 0x45;
const CHUNK_OK = 0x47;

/** The numbers that a device refuses by, and what they mean here. `refused`: it judged the image. */
const ERRORS: ReadonlyMap<number, UpdateErrorCode | 'refused'> = new Map([
  [0x80, 'garbled'],
  [0x81, 'device-fault'],
  [0x82, 'unauthorised'],
  [0x83, 'device-fault'],
  [0x84, 'refused'],
  [0x85, 'device-fault'],
  [0x86, 'device-fault'],
  [0x87, 'refused'],
  [0x88, 'too-large'],
  [0x89, 'too-large'],
  [0x8a, 'unsupported'],
  // Bytes were damaged on the way.
  [0x8b, 'hash-mismatch'],
  [0x8c, 'too-large'],
  [0x8d, 'refused'],
  [0x8e, 'unsupported'],
  [0xff, 'device-fault'],
]);

/** The device refused, with a number. */
class Refused extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`0x${code.toString(16)}`);
    this.code = code;
  }
}

/**
 * The version of this protocol that the other side speaks; null where it speaks another one. The device is left as it
 * was.
 */
export async function greet(connection: RawConnection): Promise<number | null> {
  await connection.write(MAGIC);
  const [first, version = 0] = await connection.read(2);
  return first === OK && (version === 1 || version === ACKNOWLEDGES) ? version : null;
}

export interface NativeUpload {
  readonly image: Uint8Array<ArrayBuffer>;
  /** Empty: none is known. */
  readonly password: string;
  /** Called at each sign that the device is still there. */
  readonly onSign: () => void;
  /** Called once the device has accepted the password: whether it acknowledges what it has written. */
  readonly onBegin: (acknowledges: boolean) => void;
  /** Called with how many bytes it has acknowledged; with the oldest version, how many were sent. */
  readonly onBytes: (bytes: number) => void;
}

/** Sends one image. Rejects with an `UpdateError` for what the device said, with any other error where the connection ended. */
export async function upload(connection: RawConnection, asked: NativeUpload): Promise<UploadAnswer> {
  try {
    const version = await greet(connection);
    if (version === null) throw new UpdateError('garbled');
    asked.onSign();
    await put(connection, Uint8Array.of(SUPPORTS_SHA256_AUTH));
    await expect(connection, HEADER_OK);
    await signIn(connection, asked.password);
    asked.onBegin(version >= ACKNOWLEDGES);
    await send(connection, asked, version >= ACKNOWLEDGES);
    // It restarts whether it hears this or not.
    await connection.write(Uint8Array.of(OK)).catch(() => undefined);
    return { kind: 'taken', said: null };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const means = ERRORS.get(error.code) ?? 'garbled';
    // It says why by a number (words/update/esphome-said.ts).
    const said = `0x${hex([error.code]).toUpperCase()}`;
    if (means === 'refused') return { kind: 'refused', said };
    throw new UpdateError(means, { status: error.code, said });
  }
}

async function signIn(connection: RawConnection, password: string): Promise<void> {
  const asks = await answer(connection);
  if (asks === AUTH_OK) return;
  if (asks !== ASKS_MD5 && asks !== ASKS_SHA256) throw new Refused(asks);
  // Without a password nothing is tried, so that the device counts no failure.
  if (password === '') throw new UpdateError('unauthorised', { status: asks });
  const digest = asks === ASKS_SHA256 ? sha256 : md5;
  const ascii = new TextEncoder();
  const nonce = new TextDecoder().decode(await connection.read(digest.outputLen * 2));
  const own = hex(crypto.getRandomValues(new Uint8Array(digest.outputLen)));
  const proof = hex(digest(ascii.encode(password + nonce + own)));
  await put(connection, ascii.encode(own + proof));
  await expect(connection, AUTH_OK);
}

async function send(connection: RawConnection, { image, onSign, onBytes }: NativeUpload, counts: boolean) {
  await put(connection, bigEndian(image.length));
  // It may erase the whole slot first.
  await expect(connection, PREPARE_OK);
  onSign();
  await put(connection, new TextEncoder().encode(hex(md5(image))));
  await expect(connection, MD5_OK);
  for (let at = 0; at < image.length; at += BLOCK_BYTES) {
    const block = image.subarray(at, at + BLOCK_BYTES);
    await put(connection, block);
    if (counts) await expect(connection, CHUNK_OK);
    onBytes(at + block.length);
  }
  await expect(connection, RECEIVE_OK);
  onSign();
  await expect(connection, END_OK);
}

/** A device that refuses closes the connection; its number may have arrived all the same. */
async function put(connection: RawConnection, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  try {
    await connection.write(bytes);
  } catch {
    throw new Refused(await answer(connection));
  }
}

async function expect(connection: RawConnection, wanted: number): Promise<void> {
  const said = await answer(connection);
  if (said !== wanted) throw new Refused(said);
}

async function answer(connection: RawConnection): Promise<number> {
  const [said = 0xff] = await connection.read(1);
  return said;
}

function bigEndian(number: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
}
