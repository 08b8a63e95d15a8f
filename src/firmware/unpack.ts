/** Unpacking with the platform's own decompressor (docs/decisions), never more than asked for. */
import type { Breathe } from './breather.ts';
import type { Bytes } from './little-endian.ts';

/** No chip's slot is larger than this, so whatever unpacks to more is no firmware and may be a bomb. */
export const UNPACK_LIMIT_BYTES = 16 * 1024 * 1024;

/**
 * Packed bytes handed over at a time. Chromium unpacks each portion in one go on the page's own thread, and deflate
 * swells a thousandfold at most: 4 KB are 4 MB in the worst case, some 10 ms.
 */
const FEED_BYTES = 4 * 1024;
/** The first portion is smaller: most files of an archive are turned away by their head. */
const FIRST_FEED_BYTES = 256;
/** Enough of the start to tell what it is. */
const HEAD_BYTES = 64;

/** `spent`: bytes that were unpacked, whatever came of them. */
export type Unpacked =
  | { readonly ok: true; readonly bytes: Bytes; readonly spent: number }
  | { readonly ok: false; readonly why: 'too-large' | 'damaged' | 'not-wanted'; readonly spent: number };

function fed(packed: Bytes): ReadableStream<Bytes> {
  let at = 0;
  return new ReadableStream<Bytes>({
    pull(controller) {
      if (at >= packed.length) {
        controller.close();
        return;
      }
      const end = at + (at === 0 ? FIRST_FEED_BYTES : FEED_BYTES);
      controller.enqueue(packed.subarray(at, end));
      at = end;
    },
  });
}

function joined(parts: readonly Uint8Array[], length: number): Bytes {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/**
 * Unpacks at most `limit` bytes and stops there. `wanted` sees the first 64 bytes (or all, where there are fewer) and
 * can end it before the rest is unpacked.
 */
export async function unpack(
  packed: Bytes,
  format: 'gzip' | 'deflate-raw',
  breathe: Breathe,
  limit: number = UNPACK_LIMIT_BYTES,
  wanted: (head: Bytes) => boolean = () => true,
): Promise<Unpacked> {
  const parts: Uint8Array[] = [];
  let spent = 0;
  let asked = false;
  const reader = fed(packed).pipeThrough(new DecompressionStream(format)).getReader();
  const stop = async (why: 'too-large' | 'not-wanted'): Promise<Unpacked> => {
    await reader.cancel();
    return { ok: false, why, spent };
  };
  for (;;) {
    // A TypeError, the same for every damage: cut off, wrong check sum, bytes after the end.
    const read = await reader.read().catch(() => null);
    if (read === null) return { ok: false, why: 'damaged', spent };
    if (read.done) break;
    parts.push(read.value);
    spent += read.value.length;
    if (spent > limit) return stop('too-large');
    if (!asked && spent >= HEAD_BYTES) {
      asked = true;
      if (!wanted(joined(parts, spent))) return stop('not-wanted');
    }
    // Reading goes from promise to promise and would be one task by itself.
    await breathe();
  }
  const bytes = joined(parts, spent);
  return asked || wanted(bytes) ? { ok: true, bytes, spent } : { ok: false, why: 'not-wanted', spent };
}
