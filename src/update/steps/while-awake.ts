import type { Run } from '../run.ts';
import { SLEPT_MS } from '../time-limits.ts';
import { UpdateError } from '../../model/update/update-error.ts';

/**
 * Makes one request, and gives it up (`silent`) where the page slept meanwhile: its connection is dead then, and only
 * the rest of its time limit would pass. It does so only where the device can be asked what it has.
 *
 * @param ask makes the request, which ends when the signal aborts
 */
export async function whileAwake<T>(run: Run, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  if (!run.link.tellsStatus) return ask(run.signal);
  const { clock, connectivity } = run.ports;
  const end = new AbortController();
  const answered = new AbortController();
  const cancel = (): void => end.abort();
  run.signal.addEventListener('abort', cancel, { once: true });
  if (run.signal.aborted) cancel();
  const sentAt = clock.date();
  const watch = async (): Promise<void> => {
    while (!answered.signal.aborted) {
      await connectivity.changed(answered.signal);
      if (clock.date() - sentAt >= SLEPT_MS) end.abort();
    }
  };
  void watch();
  try {
    return await ask(end.signal);
  } catch (error) {
    const wasCut = error instanceof UpdateError && error.code === 'aborted' && !run.signal.aborted;
    throw wasCut ? new UpdateError('silent') : error;
  } finally {
    answered.abort();
    run.signal.removeEventListener('abort', cancel);
  }
}
