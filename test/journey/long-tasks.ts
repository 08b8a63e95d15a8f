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
