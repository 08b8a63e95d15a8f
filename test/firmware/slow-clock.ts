/** Milliseconds between two looks at the clock: longer than anybody may work before the page gets its turn. */
const EACH_LOOK_MS = 1000;

/**
 * Does `work` by a clock on which everything takes long, so that it gives way wherever it can. How often that is depends on
 * the work alone, and not on the machine: it can be counted.
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
