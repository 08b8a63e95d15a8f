/**
 * A whole, valid app image for the ESP32 that does nothing, so that people without firmware at hand can see an update
 * run. The format is that of ESP-IDF's `esp_image_format.h` and `esp_app_desc.h`, implemented here a second time.
 */
import { sha256 } from '@noble/hashes/sha2.js';

/** Long enough for the slot map to be watched, about five seconds of flash time on a simulated device. */
const CODE_BYTES = 512 * 1024;
const HEADER_BYTES = 24;
const SEGMENT_HEADER_BYTES = 8;
const DESCRIPTOR_BYTES = 256;
const DATA_ADDRESS = 0x3f400000;
const CODE_ADDRESS = 0x400d0000;
/** The page that the flash cache maps: file offset and address must have the same offset in it. */
const PAGE = 0x10000;
const NO_WP_PIN = 0xee;

/**
 * The name of a module that every MicroPython has. The sample stands for such firmware, and a file without a sign of it
 * gets a warning.
 */
const SIGN_OF_MICROPYTHON = 'micropython';

export const SAMPLE_PROJECT = 'moult-sample';
export const SAMPLE_VERSION = '1.0.0';

export function sampleFirmware(): Uint8Array<ArrayBuffer> {
  const codeAt = HEADER_BYTES + SEGMENT_HEADER_BYTES + DESCRIPTOR_BYTES;
  const end = codeAt + SEGMENT_HEADER_BYTES + CODE_BYTES;
  // The checksum is the last byte of a 16-byte block, the hash follows it.
  const hashAt = (end + 16) & ~15;
  const image = new Uint8Array(hashAt + 32);
  const view = new DataView(image.buffer);

  image.set([0xe9, 2, 2, 0x20]);
  view.setUint32(4, CODE_ADDRESS + ((codeAt + SEGMENT_HEADER_BYTES) % PAGE), true);
  image[8] = NO_WP_PIN;
  view.setUint16(17, 0xffff, true);
  image[23] = 1;

  const dataAt = HEADER_BYTES + SEGMENT_HEADER_BYTES;
  view.setUint32(HEADER_BYTES, DATA_ADDRESS + dataAt, true);
  view.setUint32(HEADER_BYTES + 4, DESCRIPTOR_BYTES, true);
  describe(image.subarray(dataAt, codeAt));

  const code = codeAt + SEGMENT_HEADER_BYTES;
  view.setUint32(codeAt, CODE_ADDRESS + (code % PAGE), true);
  view.setUint32(codeAt + 4, CODE_BYTES, true);
  fill(image.subarray(code, end));
  image.set(new TextEncoder().encode(SIGN_OF_MICROPYTHON), code);

  let checksum = 0xef;
  for (const byte of image.subarray(dataAt, codeAt)) checksum ^= byte;
  for (const byte of image.subarray(code, end)) checksum ^= byte;
  image[hashAt - 1] = checksum;
  image.set(sha256(image.subarray(0, hashAt)), hashAt);
  return image;
}

function describe(descriptor: Uint8Array<ArrayBuffer>): void {
  const words = new TextEncoder();
  new DataView(descriptor.buffer, descriptor.byteOffset).setUint32(0, 0xabcd5432, true);
  const put = (at: number, text: string): void => descriptor.set(words.encode(text), at);
  put(0x10, SAMPLE_VERSION);
  put(0x30, SAMPLE_PROJECT);
  put(0x50, '12:00:00');
  put(0x60, 'Jan  1 2026');
  put(0x70, 'v5.5');
}

/** Bytes that are neither erased flash nor repeat, so that a misplaced chunk shows. */
function fill(code: Uint8Array): void {
  for (let at = 0, state = 1; at < code.length; at += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    code[at] = state >>> 24;
  }
}
