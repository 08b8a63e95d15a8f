/** How long a device may be silent before a request is given up, by phase. Silence, never duration. */

/** Detection and status touch no flash; the device's own limit for its Python side is 5 s, so twice that. */
export const ASK_TIMEOUT_MS = 10_000;
/** A begin may erase a whole slot first: 2 MB at 45 ms a block take 22 s, and old flash is slower. */
export const BEGIN_TIMEOUT_MS = 45_000;
/** A finalize reads the slot back and writes the boot selector. */
export const FINALIZE_TIMEOUT_MS = 25_000;
/** While the device restarts a question costs nothing, and asking again soon is what finds it. */
export const RESTART_ASK_TIMEOUT_MS = 5_000;
/**
 * The same of a device that tells nothing by which a restart is seen but that it is away. Less than a connection needs that is
 * asked for again where nobody was there (1 s, then 2 s more): what is back by then would seem to have been there all along.
 */
export const AWAY_AFTER_MS = 2_000;
/** Between two questions to a restarting device: the quickest are back after 2 s. */
export const RESTART_ASK_EVERY_MS = 1_000;
/** Telling the device to stop: a person waits for it. */
export const ABORT_TIMEOUT_MS = 5_000;

/** A journal that says nothing for so long is none: storage that hangs keeps no device from its update. */
export const NOTED_WITHIN_MS = 1_000;

/** A browser lets go of a request that was given up a moment later, and two at once is one too many for a device. */
export const LET_GO_MS = 50;

/** No chunk gets less: the device answers 504 by itself after 5 s. */
export const LEAST_CHUNK_TIMEOUT_MS = 10_000;
/**
 * No chunk gets more: the largest one over the slowest link takes half of it. One small chunk that stalled must not
 * make the next large one be waited for for an hour.
 */
export const MOST_CHUNK_TIMEOUT_MS = 60_000;
/** The slowest link that an update is thought possible over, in bytes a millisecond. */
export const SLOWEST_LINK = 2;
/** A chunk may take this many times what the slowest so far took, by size. */
export const SLOWER_THAN_SEEN = 4;
/** A request that was under way for this long when the page is looked at again: the page has slept, or may have. */
export const SLEPT_MS = LEAST_CHUNK_TIMEOUT_MS;

/**
 * The silence limit of a chunk, from what the device was seen to need. A page hears nothing before the answer, so the
 * limit holds for the whole way of the chunk.
 */
export class ChunkTimeout {
  #slowestMsPerByte = 0;

  countGood(bytes: number, ms: number): void {
    this.#slowestMsPerByte = Math.max(this.#slowestMsPerByte, ms / bytes);
  }

  /**
   * @param costly whether giving it up costs the whole session
   * @returns milliseconds for a chunk of `bytes`
   */
  limit(bytes: number, costly: boolean): number {
    const seen = SLOWER_THAN_SEEN * this.#slowestMsPerByte * bytes;
    // A size remembered from better days, or a link that got worse, must not be taken for silence.
    const bySize = seen === 0 || costly ? bytes / SLOWEST_LINK : 0;
    return Math.min(MOST_CHUNK_TIMEOUT_MS, Math.max(LEAST_CHUNK_TIMEOUT_MS, seen, bySize));
  }
}
