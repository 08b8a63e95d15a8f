/** What devices send packed without being asked: HTML pages, of which the host reads the beginning. */
import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { constants, createGunzip, gunzipSync } from 'node:zlib';

export function isPacked({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return /^(x-)?gzip$/i.test(headers['content-encoding'] ?? '');
}

/** As it would have come unpacked. What is no gzip ends with an error, as a broken connection does. */
export function unpacked(message: Readable): Readable {
  return pipeline(message, createGunzip(), () => undefined);
}

/**
 * The beginning of what was packed: `most` bytes at most, and not all of them where there are more. Throws where it is
 * no gzip.
 */
export function beginningOf(packed: Uint8Array, most: number): Buffer {
  for (let taken = packed.length; ; taken = Math.floor(taken / 2)) {
    const part = packed.subarray(0, taken);
    // What is cut off on purpose ends in the middle.
    const finishFlush = taken < packed.length ? constants.Z_SYNC_FLUSH : constants.Z_FINISH;
    try {
      return gunzipSync(part, { maxOutputLength: most, finishFlush });
    } catch (error) {
      const isLonger = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
      if (!isLonger) throw error;
    }
  }
}
