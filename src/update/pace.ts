import { type UpdateErrorCode, factsOf } from '../model/update/error-codes.ts';
import type { UpdateError } from '../model/update/update-error.ts';

/**
 * The sizes of a chunk, in bytes, smallest first. The published server takes 4,096 bytes a request, headers included
 * (docs/protocol.md), so below that each step is what one kind of client has room for beside its headers: 3,392 in a
 * browser (which has room for 3,402), 3,744 with Node's `fetch` (3,760), 3,840 in what the devices' own client sends.
 * From 4,096 on, one flash block, each step doubles, up to the 65,536 of servers with larger buffers.
 */
export const CHUNK_SIZES = [1024, 2048, 3072, 3392, 3744, 3840, 4096, 8192, 16_384, 32_768, 65_536] as const;

/** Fits a request of 4,096 bytes with the headers of every client that was measured, and a kilobyte to spare. */
export const SAFE_CHUNK = 3072;
/** A device that takes this has larger buffers than the published server. */
export const BEYOND_PUBLISHED = 4096;
export const LARGEST_CHUNK = 65_536;
/** Below this the fixed cost of a request is nearly all of it; a link that loses such chunks is of no use. */
export const SMALLEST_CHUNK = 1024;
/** How much the time per byte may grow before larger chunks count as slower: less is the noise of a Wi-Fi link. */
export const WORSE_BY = 1.25;
/**
 * Good chunks before a size that once worked, and then failed, is tried again: few, since mostly the moment was to
 * blame and not the size; doubles with each further failure.
 */
const GOOD_CHUNKS_BEFORE_RETURNING = 2;

export interface PaceOptions {
  /** Bytes to begin with where nothing is known of the device. */
  readonly first: number;
  /** Bytes that an earlier run found; null where none has. */
  readonly remembered: number | null;
  /** Whether a chunk without an answer costs the whole session. */
  readonly costly: boolean;
}

/**
 * Chunk size. A chunk's cost beyond the device's own time is fixed, so larger is faster until the device says
 * otherwise. One size at a time is tried, and a size that failed at its first try is never tried again in the run.
 */
export class Pace {
  readonly #costly: boolean;
  #size: number;
  /** Nothing larger is sent in this run. */
  #limit = LARGEST_CHUNK;
  /** Nothing larger is sent for now, though it worked before; null: there is no such limit. */
  #ceiling: number | null = null;
  #goodAtCeiling = 0;
  /** How often it fell back to a smaller size since a larger one last worked, and to which. */
  #fellBack = 0;
  #fellTo = 0;
  /** The largest chunk that the device took in this run; 0: none yet. */
  #worked = 0;
  /** Whether a chunk was lost of a size that had worked. */
  #losesChunks = false;
  /** Milliseconds a byte before the growth that is being tried; null where none is. */
  #costBefore: number | null = null;

  constructor({ first, remembered, costly }: PaceOptions) {
    this.#costly = costly;
    this.#size = Math.min(LARGEST_CHUNK, Math.max(SMALLEST_CHUNK, remembered ?? first));
    // A size that an earlier run found is the limit: looking for a larger one would cost a failed chunk in each run.
    // Larger buffers may have more room than was needed, and a size below what is safe everywhere was only a bad day.
    const isFound = remembered !== null && remembered >= SAFE_CHUNK;
    if (isFound && (remembered < BEYOND_PUBLISHED || costly)) this.#limit = this.#size;
  }

  /** Bytes of the next chunk at most. */
  get size(): number {
    return this.#size;
  }

  /** What to remember for the device, in bytes; null until the largest size within the published limit is known. */
  get taken(): number | null {
    const found = Math.min(this.#worked, this.#limit, this.#ceiling ?? LARGEST_CHUNK);
    if (found >= BEYOND_PUBLISHED) return found;
    // Where chunks were lost for other reasons, the one that set the limit may have been, too.
    return found > 0 && found === this.#limit && !this.#losesChunks ? found : null;
  }

  /**
   * A chunk was acknowledged.
   *
   * @param ms from request to answer
   */
  countGood(bytes: number, ms: number): void {
    // A shorter chunk (the last, or one cut to a block's end) says nothing about the size.
    if (bytes < largestUpTo(this.#size)) return;
    this.#worked = Math.max(this.#worked, bytes);
    if (bytes > this.#fellTo) this.#fellBack = 0;
    const cost = ms / bytes;
    if (this.#costBefore !== null && cost > this.#costBefore * WORSE_BY) {
      this.#fallBackTo(sizeBelow(this.#size));
      return;
    }
    this.#costBefore = null;
    if (this.#ceiling !== null && !this.#mayReturn()) return;
    const next = Math.min(this.#limit, sizeAbove(this.#size));
    if (next <= this.#size) return;
    // Up to the published limit a larger chunk cannot cost more than it saves.
    if (next > BEYOND_PUBLISHED) this.#costBefore = cost;
    this.#size = next;
  }

  /**
   * Whether a chunk of `bytes` failed only because of its size: it was refused as too large, and can be made smaller;
   * or it is larger than any that the device took, and was refused or cut off.
   */
  blames(error: Pick<UpdateError, 'code' | 'status'>, bytes: number): boolean {
    if (!saysOfSize(error)) return false;
    const { chunk } = factsOf(error.code).engine;
    if (this.#worked > 0 && bytes > this.#worked) return chunk === 'cut-off' || chunk === 'too-large';
    return chunk === 'too-large' && this.#smallerThan(bytes, error.code) < bytes;
  }

  /** A chunk of `bytes` failed. */
  countFailed(error: Pick<UpdateError, 'code' | 'status'>, bytes: number): void {
    if (!saysOfSize(error)) return;
    const { code } = error;
    const { chunk } = factsOf(code).engine;
    if (this.#worked > 0 && bytes > this.#worked) {
      this.#limitTo(largestUpTo(this.#worked));
      return;
    }
    if (bytes <= this.#worked && chunk !== 'too-large') this.#losesChunks = true;
    const smaller = this.#smallerThan(bytes, code);
    if (chunk === 'too-large' && smaller < bytes) {
      this.#limitTo(smaller);
      // A size between the two may fit all the same.
      this.#limit = Math.max(smaller, sizeBelow(bytes));
      return;
    }
    if (smaller >= bytes) return;
    if (this.#costly) this.#limitTo(smaller);
    else this.#fallBackTo(smaller);
  }

  #smallerThan(bytes: number, code: UpdateErrorCode): number {
    const half = bytes > SAFE_CHUNK ? Math.max(SAFE_CHUNK, largestUpTo(bytes / 2)) : sizeBelow(bytes);
    // A lost answer says nothing against a size that worked, and with smaller chunks there are more answers to lose.
    const { chunk } = factsOf(code).engine;
    const wasLost = chunk === 'cut-off' || chunk === 'lost';
    return wasLost && bytes <= this.#worked ? Math.max(half, Math.min(bytes, BEYOND_PUBLISHED)) : half;
  }

  #mayReturn(): boolean {
    this.#goodAtCeiling++;
    if (this.#goodAtCeiling < GOOD_CHUNKS_BEFORE_RETURNING * 2 ** (this.#fellBack - 1)) return false;
    this.#ceiling = null;
    return true;
  }

  #fallBackTo(size: number): void {
    this.#size = size;
    this.#ceiling = size;
    this.#fellTo = size;
    this.#goodAtCeiling = 0;
    this.#costBefore = null;
    this.#fellBack++;
  }

  #limitTo(size: number): void {
    this.#size = size;
    this.#limit = size;
    this.#ceiling = null;
    this.#costBefore = null;
  }
}

/**
 * Whether an error says anything about the size. “Too many requests” and “too early” do not: smaller chunks would only
 * be more requests.
 */
function saysOfSize({ code, status }: Pick<UpdateError, 'code' | 'status'>): boolean {
  return factsOf(code).engine.chunk !== 'fits' && status !== 429 && status !== 425;
}

function sizeAbove(bytes: number): number {
  return CHUNK_SIZES.find((size) => size > bytes) ?? LARGEST_CHUNK;
}

function sizeBelow(bytes: number): number {
  return CHUNK_SIZES.findLast((size) => size < bytes) ?? SMALLEST_CHUNK;
}

function largestUpTo(bytes: number): number {
  return CHUNK_SIZES.findLast((size) => size <= bytes) ?? SMALLEST_CHUNK;
}
