/**
 * CRC-32 with the highest bit first, neither reflected nor inverted at its end, as the ESP8266's Arduino core stores
 * it.
 */
import type { Bytes } from './little-endian.ts';
import type { YieldWhenDue } from '../work.ts';
import { SLICE_BYTES } from './yielder.ts';

const TABLE = Int32Array.from({ length: 256 }, (_, index) => {
  let crc = index << 24;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc << 1) ^ (crc < 0 ? 0x04c11db7 : 0);
  return crc;
});

/** @param blank [from, to): these bytes count as zeros */
export async function crc32Forward(
  bytes: Bytes,
  blank: readonly [from: number, to: number],
  yieldWhenDue: YieldWhenDue,
): Promise<number> {
  const [from, to] = blank;
  let crc = ~0;
  for (let start = 0; start < bytes.length; start += SLICE_BYTES) {
    const end = Math.min(start + SLICE_BYTES, bytes.length);
    for (let at = start; at < end; at += 1) {
      const byte = at >= from && at < to ? 0 : (bytes[at] ?? 0);
      crc = (crc << 8) ^ (TABLE[((crc >>> 24) ^ byte) & 0xff] ?? 0);
    }
    await yieldWhenDue(end - start);
  }
  return crc >>> 0;
}
