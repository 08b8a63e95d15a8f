/** Milliseconds between two readings of the clock: longer than any slice of work before a yield. */
const EACH_LOOK_MS = 1000;

/**
 * Does `work` by a clock on which everything takes long, so that it yields wherever it can. How often it yields then
 * depends on the work alone, not on the machine, and can be counted.
 */
export async function bySlowClock<T>(work: () => Promise<T>): Promise<T> {
  const now = performance.now.bind(performance);
  let looks = 0;
  performance.now = () => (looks += 1) * EACH_LOOK_MS;
  try {
    return await work();
  } finally {
    performance.now = now;
  }
}
