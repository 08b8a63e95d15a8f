/** Looks for words in a file of megabytes, whatever is in it. */
import { GLANCE } from '../work.ts';
import type { YieldWhenDue } from '../work.ts';
import type { Bytes } from './little-endian.ts';
import { SLICE_BYTES } from './yielder.ts';

/**
 * A build names itself some dozen times. A file that does so more often than this is no build, and each hit costs time.
 */
const MOST_HITS = 1000;
/** Every byte stands for itself. */
const EXACTLY = Uint8Array.from({ length: 256 }, (_, byte) => byte);
/** Upper-case letters stand for lower-case ones. */
export const AS_LOWER_CASE = EXACTLY.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte));

/**
 * Calls `hit` with every offset of `needle`, until it answers with something. This is Horspool's search. `needle` has a
 * letter for each byte; `as` says what each byte of the file stands for.
 */
export async function search<T>(
  bytes: Bytes,
  needle: string,
  yieldWhenDue: YieldWhenDue,
  hit: (at: number) => T | null,
  as: Uint8Array = EXACTLY,
): Promise<T | null> {
  const wanted = Array.from(needle, (letter) => letter.charCodeAt(0));
  const last = wanted.length - 1;
  // How far the window may jump, by its last byte: this makes the search cheap over megabytes.
  const jump = new Uint8Array(256).fill(wanted.length);
  wanted.slice(0, last).forEach((code, index) => (jump[code] = last - index));
  // The same, by the byte as it is in the file, and 0 where the needle may end: one look-up for each jump.
  const step = as.map((code) => (code === wanted[last] ? 0 : (jump[code] ?? 1)));
  const meant = (at: number): number => as[bytes[at] ?? 0] ?? 0;
  let hits = 0;
  for (let at = 0; at + last < bytes.length;) {
    const rest = Math.min(at + SLICE_BYTES, bytes.length - last);
    while (at < rest) {
      const by = step[bytes[at + last] ?? 0] ?? 1;
      at += by;
      if (by > 0) continue;
      // The first byte is compared before all others: a file may be full of the last one.
      if (meant(at) === wanted[0] && wanted.every((code, index) => meant(at + index) === code)) {
        const found = hit(at);
        hits += 1;
        if (found !== null || hits === MOST_HITS) return found;
        await yieldWhenDue();
      }
      at += jump[wanted[last] ?? 0] ?? 1;
    }
    await yieldWhenDue(SLICE_BYTES / GLANCE);
  }
  return null;
}

/** A letter for each byte. */
export function latin1(bytes: Bytes): string {
  return String.fromCharCode(...bytes);
}
