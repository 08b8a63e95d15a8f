/** Long work in slices, so that the page can paint and answer between them. */

/** Call it between slices: it yields when the time since it did so last is used up, else it returns at once. */
export type YieldWhenDue = () => Promise<void>;

/** Milliseconds of work before a rest. Browsers call 50 ms a long task; half a frame leaves room for a slower phone. */
const SLICE_MS = 8;

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

/** With a signal, whoever yields after it aborted is thrown its reason. */
export function makeYielder(rest: () => Promise<void> = nextTask, signal?: AbortSignal): YieldWhenDue {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < SLICE_MS) return;
    await rest();
    signal?.throwIfAborted();
    since = performance.now();
  };
}
