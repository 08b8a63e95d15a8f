/** Long work in slices, so that the page can paint and answer between them. */

/** Milliseconds of work before a yield. Browsers call 50 ms a long task; half a frame leaves room for a slower phone. */
const SLICE_MS = 8;

/**
 * Bytes between two looks at the clock. The slowest work on them takes some milliseconds on a slow phone (at the 68 MB/s
 * that @noble/hashes was measured at, it is 4 ms), comparing them well under one: `SLICE_MS` is not overstepped by much.
 */
export const SLICE_BYTES = 256 * 1024;

/** Resolves in a later task. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    // Unlike a timer, a message is not held back to 4 ms when it follows another one.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/**
 * Makes the function to call between slices: it yields when a slice of time has passed since the last yield, otherwise
 * it returns at once. After the signal has aborted, a yield rejects with its reason.
 *
 * @param yieldToPage resolves once the page had its turn
 */
export function makeYielder(yieldToPage: () => Promise<void> = nextTask, signal?: AbortSignal): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < SLICE_MS) return;
    await yieldToPage();
    signal?.throwIfAborted();
    since = performance.now();
  };
}
