import type { Clock, RequestOptions } from '../update/ports.ts';
import { UpdateError } from '../update/update-error.ts';

/** What a running request is watched with. */
export interface Watch {
  readonly signal: AbortSignal;
  /** The device gave a sign: the limit on silence starts anew. */
  sign(): void;
  /** Rejects as soon as the request is ended, also where `promise` does not heed the signal. */
  race<T>(promise: Promise<T>): Promise<T>;
}

/**
 * Runs `work` under the caller's signal and a limit on silence. Which of the two ended it is known by our own word,
 * since engines disagree on the error (WebKit rejects a timeout with `AbortError`).
 */
export async function supervised<T>(
  options: RequestOptions,
  clock: Clock,
  work: (watch: Watch) => Promise<T>,
): Promise<T> {
  if (options.signal.aborted) throw new UpdateError('aborted');
  const ending = new AbortController();
  const ended: { by: UpdateError | null } = { by: null };
  let timer = new AbortController();
  let tellEnd: () => void = () => undefined;
  const end = new Promise<void>((resolve) => (tellEnd = resolve));

  const finish = (code: 'aborted' | 'silent') => {
    ended.by ??= new UpdateError(code);
    ending.abort();
    tellEnd();
  };
  const startTimer = () => {
    timer = new AbortController();
    if (!Number.isFinite(options.silenceMs)) return;
    clock.sleep(options.silenceMs, timer.signal).then(
      () => finish('silent'),
      () => undefined, // The timer was stopped, by a sign or by the end: that is its ordinary way.
    );
  };
  const onAbort = () => finish('aborted');
  const watch: Watch = {
    signal: ending.signal,
    sign: () => {
      timer.abort();
      startTimer();
    },
    race: async (promise) => {
      const result = await Promise.race([promise.then((value) => ({ value })), end]);
      if (result !== undefined) return result.value;
      throw ended.by ?? new UpdateError('aborted');
    },
  };

  options.signal.addEventListener('abort', onAbort, { once: true });
  startTimer();
  try {
    return await work(watch);
  } catch (error) {
    // `fetch` may reject with its own AbortError before our word is heard.
    throw ended.by ?? error;
  } finally {
    timer.abort();
    options.signal.removeEventListener('abort', onAbort);
    // Ends what still runs, such as a body beyond the limit; after a whole answer it does nothing.
    ending.abort();
  }
}
