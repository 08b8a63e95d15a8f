/** How long a device may be silent before a request is given up, by phase. Silence, never duration. */

/** Detection and status touch no flash; the device's own limit for its Python side is 5 s, so twice that. */
export const ASK_TIMEOUT_MS = 10_000;
/** A begin may erase a whole slot first: 2 MB at 45 ms a block take 22 s, and old flash is slower. */
export const BEGIN_TIMEOUT_MS = 45_000;
/** A finalize reads the slot back and writes the OTA data. */
export const FINALIZE_TIMEOUT_MS = 25_000;
/** While the device restarts, a request costs nothing, and asking again soon finds it. */
export const RESTART_ASK_TIMEOUT_MS = 5_000;
/**
 * The same for a device whose restart shows only by its absence. It is shorter than the retries of a connection request
 * that nothing answered (after 1 s, then after 2 s more): a device that is back by then would seem to have been there
 * all along.
 */
export const AWAY_AFTER_MS = 2_000;
/** How often a restarting device is asked: the quickest are back after 2 s. */
export const RESTART_ASK_EVERY_MS = 1_000;
/** Telling the device to stop: a person waits for it. */
export const ABORT_TIMEOUT_MS = 5_000;

/** How long the journal is waited for: storage that hangs must not keep a device from its update. */
export const NOTED_WITHIN_MS = 1_000;

/** A browser closes an aborted request a moment later, and two requests at once are too many for a device. */
export const LET_GO_MS = 50;

/** The least for a chunk: the device answers 504 by itself after 5 s. */
export const LEAST_CHUNK_TIMEOUT_MS = 10_000;
/**
 * The most for a chunk: the largest one over the slowest link takes half of it. One small chunk that stalled must not
 * give the next large one an hour.
 */
export const MOST_CHUNK_TIMEOUT_MS = 60_000;
/** The slowest link over which an update counts as possible, in bytes per millisecond. */
export const SLOWEST_LINK = 2;
/** A chunk may take this many times as long per byte as the slowest one so far. */
export const SLOWER_THAN_SEEN = 4;
/** Where a request was under way for this long when the page is shown again, the page may have slept. */
export const SLEPT_MS = LEAST_CHUNK_TIMEOUT_MS;

/**
 * The silence limit of a chunk, from what the device was seen to need. A page hears nothing before the answer, so the
 * limit is for sending the chunk, too.
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
