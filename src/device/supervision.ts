import type { Clock } from '../model/clock.ts';
import type { RequestOptions } from '../model/device/link.ts';
import { UpdateError } from '../model/update/update-error.ts';

/** What a running request is watched with. */
export interface Watch {
  readonly signal: AbortSignal;
  /** Notes a sign from the device: the limit on silence starts again. */
  sign(): void;
  /** Rejects as soon as the request is ended, even where `promise` ignores the signal. */
  race<T>(promise: Promise<T>): Promise<T>;
}

/**
 * Runs `work` under the caller's signal and a limit on silence. Which of the two ended it is noted here, since engines
 * disagree on the error (WebKit rejects a timeout with `AbortError`).
 */
export async function supervised<T>(
  options: RequestOptions,
  clock: Clock,
  work: (watch: Watch) => Promise<T>,
): Promise<T> {
  if (options.signal.aborted) throw new UpdateError('aborted');
  const ending = new AbortController();
  const ended: { by: UpdateError | null } = { by: null };
  let signAt = clock.now();
  let tellEnd: (by: UpdateError) => void = () => undefined;
  const end = new Promise<never>((_resolve, reject) => (tellEnd = reject));
  end.catch(() => undefined); // Nothing may be waiting for it.

  const finish = (code: 'aborted' | 'silent') => {
    ended.by ??= new UpdateError(code);
    ending.abort();
    tellEnd(ended.by);
  };
  /** One timer for the whole request: when it goes off, it looks whether a sign has moved the end. */
  const watchSilence = async () => {
    const { timeoutMs } = options;
    if (!Number.isFinite(timeoutMs)) return;
    for (let left = timeoutMs; left > 0; left = signAt + timeoutMs - clock.now()) {
      await clock.sleep(left, ending.signal);
    }
    finish('silent');
  };
  const onAbort = () => finish('aborted');
  const watch: Watch = {
    signal: ending.signal,
    sign: () => {
      signAt = clock.now();
    },
    race: (promise) => Promise.race([promise, end]),
  };

  options.signal.addEventListener('abort', onAbort);
  watchSilence().catch(() => undefined); // The timer ends with the request, which is ordinary.
  try {
    return await work(watch);
  } catch (error) {
    // `fetch` may reject with its own AbortError before ours is seen.
    throw ended.by ?? error;
  } finally {
    options.signal.removeEventListener('abort', onAbort);
    // Ends the timer, and what else still runs, such as a body beyond the limit.
    ending.abort();
  }
}
