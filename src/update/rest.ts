import type { UpdateControls } from './controls.ts';
import type { UpdatePorts } from './plan.ts';

/**
 * Waits, and ends early when the person presses a button or the network comes back. Leaves no timer behind.
 *
 * @param ms milliseconds; null waits for a button alone
 */
export async function rest(
  ms: number | null,
  ports: Pick<UpdatePorts, 'clock' | 'connectivity'>,
  controls: UpdateControls,
): Promise<void> {
  // A button may have been pressed since the wait was decided: then there is nothing to wait for.
  const isDecided = ms === null ? !controls.paused : controls.paused;
  if (ms === 0 || isDecided || controls.cancelled.aborted) return;
  const over = new AbortController();
  const ends: Promise<void>[] = [controls.changed(over.signal)];
  if (ms !== null) ends.push(ports.clock.sleep(ms, over.signal), ports.connectivity.changed(over.signal));
  try {
    await Promise.race(ends);
  } finally {
    over.abort();
  }
}
