/** What becomes of a firmware file that a program took for text on its way. */
import { IMAGE_MAGIC } from '../image/esp-image.ts';
import { startsWith } from '../bytes/little-endian.ts';
import type { Bytes } from '../bytes/little-endian.ts';

/** Enough to be sure, and little enough to cost nothing. */
const HEAD_BYTES = 64 * 1024;

/** Text transfers turn every LF into CR LF. Real images have hundreds of LFs, and nearly none after a CR. */
export function hasOtherLineEndings(file: Bytes): boolean {
  const head = file.subarray(0, HEAD_BYTES);
  let lineFeeds = 0;
  for (let at = head.indexOf(0x0a); at !== -1; at = head.indexOf(0x0a, at + 1)) {
    if (head[at - 1] !== 0x0d) return false;
    lineFeeds += 1;
  }
  // Four in a row by chance: one in four thousand million.
  return lineFeeds >= 4;
}

/** An image's second and third byte: 1 to 16 segments, and one of six ways to read the flash. */
const SECOND_AND_THIRD = /^.[\u0001-\u0010][\u0000-\u0005]/su;

/** The characters of a text that stands for bytes; null where the file is no text in that encoding. */
function charactersOf(file: Bytes, encoding: 'utf-8' | 'utf-16le'): string | null {
  const head = file.subarray(0, HEAD_BYTES);
  try {
    // With `stream`, a character that the cut went through is left out instead of replaced.
    return new TextDecoder(encoding, { fatal: true }).decode(head, { stream: true });
  } catch {
    // A TypeError: bytes that no text in this encoding has.
    return null;
  }
}

/**
 * Whether the bytes of an image were read as characters and written as UTF-8 or UTF-16: what was above 127 is replaced
 * or has become two bytes, and the rest is as it was. Windows' PowerShell does the latter to what it redirects.
 */
export function isImageAsCharacters(file: Bytes): boolean {
  if (file[0] === IMAGE_MAGIC) return false;
  const encoding = startsWith(file, 0, [0xff, 0xfe]) ? 'utf-16le' : 'utf-8';
  const words = charactersOf(file, encoding);
  const [first] = words ?? '';
  // No byte that stands for itself: an image starts with one above 127.
  return words !== null && first !== undefined && first > '\u007f' && SECOND_AND_THIRD.test(words);
}
