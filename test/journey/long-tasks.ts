/** How long the page's tasks are, in the processor's time: what else runs on the machine plays no part. */
import type { Browser, Page } from 'playwright-core';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds of the thread's own time; only where an event has a length. */
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

/** An event with a beginning and an end, as the trace format calls it. */
const WHOLE = 'X';

/** The longest task of a page's main thread during `work`, in milliseconds. */
export async function longestTaskMs(browser: Browser, page: Page, work: () => Promise<unknown>): Promise<number> {
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] });
  let trace: Buffer;
  try {
    await work();
    // The page answers from within a task; only when it does the next one, that has an end in the trace.
    await page.evaluate(() => undefined);
  } finally {
    trace = await browser.stopTracing();
  }
  const { traceEvents } = JSON.parse(trace.toString('utf8')) as { readonly traceEvents: readonly TraceEvent[] };
  const threadOf = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`;
  const mainThreads = new Set(
    traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(threadOf),
  );
  // Not `RunTask` alone: what goes on after an `await` may be a microtask checkpoint that is recorded beside its task.
  const tasks = traceEvents.filter((event) => event.ph === WHOLE && mainThreads.has(threadOf(event)));
  if (tasks.length === 0) throw new Error('the trace has no task of the main thread');
  // A trace of minutes has more tasks than a call takes arguments.
  return tasks.reduce((longest, { tdur = 0 }) => Math.max(longest, tdur), 0) / 1000;
}

/**
 * Looks at each byte of 16 MB, which together take as long as what browsers call a long task: 50 ms, where a page is measured
 * on a machine of these years with nothing else to do (56 ms of the thread's own time were seen).
 */
const LOOKS_OF_A_LONG_TASK = 3;

/** Looks at each byte of 16 MB, `looks` times, in what goes on after `reads` files were read. Work, and not time. */
export function lookAtAll(page: Page, looks: number, reads = 0): Promise<number> {
  return page.evaluate(
    async ([bytes, times, files]) => {
      for (let file = 0; file < files; file += 1) await new Blob(['read']).arrayBuffer();
      let sum = 0;
      for (let time = 0; time < times; time += 1) {
        const all = new Uint8Array(bytes).fill(time);
        for (let at = 0, end = all.length; at < end; at += 1) sum ^= all[at] ?? 0;
      }
      return sum;
    },
    [16 * 1024 * 1024, looks, reads] as const,
  );
}

/** How long a long task is here and now, in milliseconds of the thread's own time: the middle of three that are measured. */
export async function longTaskMs(browser: Browser, page: Page): Promise<number> {
  const measured: number[] = [];
  for (let time = 0; time < 3; time += 1) {
    measured.push(await longestTaskMs(browser, page, () => lookAtAll(page, LOOKS_OF_A_LONG_TASK)));
  }
  return measured.sort((one, other) => one - other)[1] ?? NaN;
}

export const TWO_LONG_TASKS = 2 * LOOKS_OF_A_LONG_TASK;
