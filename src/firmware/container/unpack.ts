/** Unpacking with the platform's own decompressor (docs/decisions), never more than asked for. */
import type { Bytes } from '../bytes/little-endian.ts';
import { Room, UNPACK_LIMIT_BYTES } from '../work.ts';
import type { YieldWhenDue } from '../work.ts';

/**
 * Packed bytes handed over at a time. Chromium unpacks each portion in one go on the page's own thread, and deflate
 * swells a thousandfold at most: 4 KB are 4 MB in the worst case, some 10 ms.
 */
const FEED_BYTES = 4 * 1024;
/** The first portion is smaller: most files of an archive are turned away by their head. */
const FIRST_FEED_BYTES = 256;
/** Enough of the start to tell what it is: a tar archive shows in its first 512 bytes. */
const HEAD_BYTES = 512;

export type Unpacked =
  { readonly kind: 'unpacked'; readonly bytes: Bytes } | { readonly kind: 'too-large' | 'damaged' | 'not-wanted' };

export interface UnpackOptions {
  /** Most bytes that it may unpack to. */
  readonly limit?: number;
  /** Bytes it should unpack to, where that is known: memory is taken once. */
  readonly expected?: number;
  /** Sees the first 512 bytes, or all where there are fewer, and can end it before the rest is unpacked. */
  readonly wanted?: (head: Bytes) => boolean;
  readonly room?: Room;
}

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

/** Unpacks at most `limit` bytes and stops there. */
export async function unpack(
  packed: Bytes,
  format: 'gzip' | 'deflate-raw',
  yieldWhenDue: YieldWhenDue,
  { limit = UNPACK_LIMIT_BYTES, expected = 0, wanted = () => true, room = new Room() }: UnpackOptions = {},
): Promise<Unpacked> {
  let length = 0;
  let asked = false;
  const reader = fed(packed).pipeThrough(new DecompressionStream(format)).getReader();
  const stop = async (kind: 'too-large' | 'not-wanted'): Promise<Unpacked> => {
    await reader.cancel();
    return { kind };
  };
  for (;;) {
    // A TypeError, the same for every damage: cut off, wrong checksum, bytes after the end.
    const read = await reader.read().catch(() => null);
    if (read === null) return { kind: 'damaged' };
    if (read.done) break;
    // All reads together would be one task, since each only waits for a promise.
    await yieldWhenDue(read.value.length);
    const from = length;
    length += read.value.length;
    if (length > limit) return stop('too-large');
    // What is not wanted takes no more memory than its head.
    room.upTo(asked ? Math.max(length, expected) : length).set(read.value, from);
    if (!asked && length >= HEAD_BYTES) {
      asked = true;
      if (!wanted(room.upTo(length))) return stop('not-wanted');
    }
  }
  const bytes = room.upTo(length);
  return asked || wanted(bytes) ? { kind: 'unpacked', bytes } : { kind: 'not-wanted' };
}
