import type { UpdateControls } from './controls.ts';
import type { UpdatePorts } from '../model/update/plan.ts';

/**
 * Waits, and ends early when the person presses a button or the network comes back. Leaves no timer behind.
 *
 * @param ms milliseconds; null waits only for a button
 * @param atLeastMs what the device asked for, which a network that comes back does not shorten
 */
export async function wait(
  ms: number | null,
  ports: Pick<UpdatePorts, 'clock' | 'connectivity'>,
  controls: UpdateControls,
  atLeastMs = 0,
): Promise<void> {
  // A button may have been pressed since the wait was decided: then there is nothing to wait for.
  const isDecided = ms === null ? !controls.paused : controls.paused;
  if (ms === 0 || isDecided || controls.cancelled.aborted) return;
  const over = new AbortController();
  const ends: Promise<void>[] = [controls.changed(over.signal)];
  if (ms !== null) {
    const { clock, connectivity } = ports;
    ends.push(clock.sleep(ms, over.signal));
    const asked = atLeastMs > 0 ? [clock.sleep(atLeastMs, over.signal)] : [];
    ends.push(Promise.all([connectivity.changed(over.signal), ...asked]).then(() => undefined));
  }
  try {
    await Promise.race(ends);
  } finally {
    over.abort();
  }
}
