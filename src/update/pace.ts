import type { UpdateErrorCode } from './update-error.ts';

/** One flash block, and what the seed client of the devices sends: every device takes it. */
export const SMALLEST_GROWN_CHUNK = 4096;
/** The device's body limit (`docs/protocol.md`). */
export const LARGEST_CHUNK = 65_536;
/** Below this the fixed cost of a request is nearly all of it; a link that loses such chunks is not a link. */
const SMALLEST_CHUNK = 1024;
/** Time per byte may worsen by this much before larger chunks count as worse: the noise of a Wi-Fi link. */
const WORSE_BY = 1.25;
/** Good chunks before a size that failed once is tried again; doubles with each failure there. */
const GOOD_CHUNKS_BEFORE_PROBING = 16;

/** What says that a chunk was too much, or may have been. */
const SHRINKS: ReadonlySet<UpdateErrorCode> = new Set([
  'body-too-large',
  'device-fault',
  'busy',
  'unreachable',
  'silent',
]);

/**
 * Chunk size. A chunk's cost beyond the device's own time is fixed, so larger is faster until the device says
 * otherwise: doubles while it goes well, halves when it does not.
 */
export class Pace {
  #size: number;
  #ceiling = LARGEST_CHUNK;
  #goodSinceTrouble = 0;
  #probeAfter = GOOD_CHUNKS_BEFORE_PROBING;
  /** Milliseconds a byte at the size before the last growth. */
  #costBefore: number | null = null;
  #largestTaken: number | null = null;
  #settled = false;

  /** @param remembered bytes the device was seen to take, or null to start small */
  constructor(remembered: number | null) {
    this.#size = Math.min(LARGEST_CHUNK, Math.max(SMALLEST_CHUNK, remembered ?? SMALLEST_GROWN_CHUNK));
  }

  /** Bytes of the next chunk at most. */
  get size(): number {
    return this.#size;
  }

  /** What to remember for the device: the largest chunk it took that is still thought good. */
  get taken(): number | null {
    return this.#largestTaken === null ? null : Math.min(this.#largestTaken, this.#ceiling);
  }

  /** A chunk was acknowledged. @param ms from request to answer */
  acknowledged(bytes: number, ms: number): void {
    this.#largestTaken = Math.max(this.#largestTaken ?? 0, bytes);
    this.#goodSinceTrouble++;
    if (this.#goodSinceTrouble >= this.#probeAfter && this.#ceiling < LARGEST_CHUNK) {
      this.#ceiling = Math.min(LARGEST_CHUNK, this.#ceiling * 2);
      this.#goodSinceTrouble = 0;
      this.#settled = false;
      this.#costBefore = null;
    }
    // A short chunk (the last, or one cut to a block's end) says nothing of its size.
    if (this.#settled || bytes < this.#size / 2) return;
    const cost = ms / bytes;
    if (this.#costBefore !== null && cost > this.#costBefore * WORSE_BY) {
      this.#size = Math.max(SMALLEST_GROWN_CHUNK, this.#size / 2);
      this.#settled = true;
      return;
    }
    if (this.#size >= this.#ceiling) return;
    this.#costBefore = cost;
    this.#size = Math.min(this.#ceiling, this.#size * 2);
  }

  /** A chunk of `bytes` failed. */
  trouble(code: UpdateErrorCode, bytes: number): void {
    if (!SHRINKS.has(code)) return;
    this.#size = Math.max(SMALLEST_CHUNK, 2 ** Math.floor(Math.log2(Math.max(bytes, 2) / 2)));
    this.#ceiling = this.#size;
    this.#goodSinceTrouble = 0;
    this.#costBefore = null;
    this.#settled = false;
    // The body limit does not change; anything else may have been the moment.
    this.#probeAfter = code === 'body-too-large' ? Infinity : this.#probeAfter * 2;
  }
}
