/** CRC-32 (IEEE 802.3, reflected), as ZIP, the ESP32's ROM and its signature blocks use it. */
import type { Bytes } from './little-endian.ts';
import type { YieldWhenDue } from '../work.ts';
import { SLICE_BYTES } from './yielder.ts';

const TABLE = Int32Array.from({ length: 256 }, (_, index) => {
  let crc = index;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  return crc;
});

/** `previous` is the CRC of the bytes before these; the ROM's `crc32_le(UINT32_MAX, …)` is `previous` 0xFFFFFFFF. */
export function crc32(bytes: Bytes, previous = 0): number {
  let crc = ~previous;
  // An index, because an iterator costs several times as much over megabytes.
  for (let at = 0, end = bytes.length; at < end; at += 1) {
    crc = (crc >>> 8) ^ (TABLE[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0);
  }
  return ~crc >>> 0;
}

/** The same for many bytes. */
export async function crc32OfMany(bytes: Bytes, yieldWhenDue: YieldWhenDue): Promise<number> {
  let crc = 0;
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
    const slice = bytes.subarray(at, at + SLICE_BYTES);
    crc = crc32(slice, crc);
    await yieldWhenDue(slice.length);
  }
  return crc;
}
