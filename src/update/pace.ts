import type { UpdateError, UpdateErrorCode } from './update-error.ts';

/** One flash block, and what the seed client of the devices sends: every device takes it. */
export const SMALLEST_GROWN_CHUNK = 4096;
/** The device's body limit (`docs/protocol.md`). */
export const LARGEST_CHUNK = 65_536;
/** Below this the fixed cost of a request is nearly all of it; a link that loses such chunks is not a link. */
export const SMALLEST_CHUNK = 1024;
/** Time per byte may worsen by this much before larger chunks count as worse: the noise of a Wi-Fi link. */
export const WORSE_BY = 1.25;
/**
 * Good chunks before a size that went wrong is tried again: soon, since most often it was the moment and not the size;
 * doubles each time it goes wrong again, so that a size that is too large costs a handful of tries in all.
 */
const GOOD_CHUNKS_BEFORE_PROBING = 2;

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
  /** Nothing larger is sent for now … */
  #ceiling = LARGEST_CHUNK;
  /** … and nothing larger than this ever. */
  #limit = LARGEST_CHUNK;
  #goodAtCeiling = 0;
  /** By size: how often the next larger one went wrong, and never well in between. */
  readonly #wrongAbove = new Map<number, number>();
  /** Milliseconds a byte before the growth that is being tried; null where none is. */
  #costBefore: number | null = null;
  #largestTaken: number | null = null;

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
    // A short chunk (the last, or one cut to a block's end) says nothing of its size.
    if (bytes < this.#size / 2) return;
    const cost = ms / bytes;
    if (this.#costBefore !== null && cost > this.#costBefore * WORSE_BY) {
      this.#shrinkTo(Math.max(SMALLEST_GROWN_CHUNK, this.#size / 2), bytes);
      return;
    }
    this.#costBefore = null;
    for (const size of this.#wrongAbove.keys()) if (size < bytes) this.#wrongAbove.delete(size);
    if (this.#size >= this.#ceiling) {
      this.#goodAtCeiling++;
      if (this.#goodAtCeiling < this.#patience()) return;
      this.#ceiling = Math.min(this.#limit, this.#ceiling * 2);
      this.#goodAtCeiling = 0;
    }
    if (this.#size >= this.#ceiling) return;
    this.#costBefore = cost;
    this.#size = Math.min(this.#ceiling, this.#size * 2);
  }

  /**
   * A chunk of `bytes` failed.
   *
   * @param costly whether such a failure costs the whole session; what failed is then not tried again
   */
  trouble({ code, status }: Pick<UpdateError, 'code' | 'status'>, bytes: number, costly = false): void {
    // Too many or too early says nothing of the size: smaller chunks would only be more requests.
    if (!SHRINKS.has(code) || status === 429 || status === 425) return;
    this.#shrinkTo(Math.max(SMALLEST_CHUNK, 2 ** Math.floor(Math.log2(Math.max(bytes, 2) / 2))), bytes);
    // The body limit does not change; anything else may have been the moment.
    if (costly || code === 'body-too-large') this.#limit = this.#size;
  }

  #shrinkTo(size: number, from: number): void {
    if (size < from) this.#wrongAbove.set(size, (this.#wrongAbove.get(size) ?? 0) + 1);
    this.#size = size;
    this.#ceiling = size;
    this.#goodAtCeiling = 0;
    this.#costBefore = null;
  }

  #patience(): number {
    const times = this.#wrongAbove.get(this.#ceiling) ?? 1;
    return GOOD_CHUNKS_BEFORE_PROBING * 2 ** (times - 1);
  }
}
