/** Text that was saved where a firmware file was meant: error pages, pointers, listings. */
import type { Bytes } from '../bytes/little-endian.ts';

export type TextForm = 'web-page' | 'git-lfs' | 'intel-hex' | 'json' | 'plain';

/** Enough to tell; a firmware file has a byte that is no text within its first few. */
export const PLAIN_TEXT_HEAD_BYTES = 4096;

const NOT_TEXT = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f\ufffd]/;

function decoded(head: Bytes, cut: boolean): string | null {
  const label =
    head[0] === 0xff && head[1] === 0xfe ? 'utf-16le' : head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : 'utf-8';
  // With `stream`, a character that the cut went through is left out instead of replaced.
  const words = new TextDecoder(label).decode(head, { stream: cut });
  return NOT_TEXT.test(words) ? null : words;
}

/** What kind of text the file is; null where it is none. */
export function readPlainText(file: Bytes): TextForm | null {
  const words = decoded(file.subarray(0, PLAIN_TEXT_HEAD_BYTES), file.length > PLAIN_TEXT_HEAD_BYTES);
  if (words === null || words === '') return null;
  const start = words.trimStart().slice(0, 64).toLowerCase();
  if (start.startsWith('<!doctype') || start.startsWith('<html') || start.startsWith('<?xml')) return 'web-page';
  if (start.startsWith('version https://git-lfs')) return 'git-lfs';
  if (/^:[0-9a-f]{10,}\s/.test(start) || /^:[0-9a-f]{63}$/.test(start)) return 'intel-hex';
  return start.startsWith('{') || start.startsWith('[') ? 'json' : 'plain';
}
