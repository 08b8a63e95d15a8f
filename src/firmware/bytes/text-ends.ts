/** Looks at what texts in a file end with: a compiler puts a 0 behind each. */
import { GLANCE } from '../work.ts';
import type { YieldWhenDue } from '../work.ts';
import type { Bytes } from './little-endian.ts';

const SLICE_BYTES = 64 * 1024;

/**
 * What `read` makes of the places where a 0 stands; empty where there are more than `most`. Most of a file's zeros end no
 * text, so that `read` has to see that at a glance.
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
