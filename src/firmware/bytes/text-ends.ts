/** Looks at what texts in a file end with: a compiler puts a 0 behind each. */
import { GLANCE } from '../work.ts';
import type { YieldWhenDue } from '../work.ts';
import type { Bytes } from './little-endian.ts';

const SLICE_BYTES = 64 * 1024;

/**
 * What `read` answers for the offsets of each 0, without its nulls; empty where these are more than `most`. Most zeros
 * of a file end no text, so `read` has to see that quickly.
 */
export async function readTextEnds<T>(
  bytes: Bytes,
  yieldWhenDue: YieldWhenDue,
  read: (end: number) => T | null,
  most: number,
): Promise<readonly T[]> {
  const found: T[] = [];
  for (let from = 0; from < bytes.length; from += SLICE_BYTES) {
    const slice = bytes.subarray(from, from + SLICE_BYTES);
    for (let at = slice.indexOf(0); at !== -1; at = slice.indexOf(0, at + 1)) {
      const one = read(from + at);
      if (one !== null) found.push(one);
      if (found.length > most) return [];
    }
    await yieldWhenDue(slice.length / GLANCE);
  }
  return found;
}
