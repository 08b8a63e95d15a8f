/** Turns what was acknowledged when into a line of speeds, and finds the moments of retries. Pure. */
import type { ThroughputPoint } from '../../model/update/history-entry.ts';
import type { ByteRange } from '../../model/update/update-state.ts';

/** Mean speed between two moments; milliseconds since the start, bytes a second. */
export interface SpeedStep {
  readonly from: number;
  readonly to: number;
  readonly bytesPerSecond: number;
}

/** Steps of the plot at most: narrower ones show the jitter of single chunks, not the speed. */
const STEPS = 48;

export function speedSteps(samples: readonly ThroughputPoint[], durationMs: number): readonly SpeedStep[] {
  const last = samples.at(-1);
  if (last === undefined || durationMs <= 0) return [];
  const count = Math.min(STEPS, samples.length);
  return Array.from({ length: count }, (_, index) => {
    const from = (durationMs * index) / count;
    const to = (durationMs * (index + 1)) / count;
    // An upload that started over goes back to nothing: that is no negative speed.
    const bytes = Math.max(0, acknowledgedAt(samples, to) - acknowledgedAt(samples, from));
    return { from, to, bytesPerSecond: (bytes / (to - from)) * 1000 };
  });
}

/** When each retried range was reached, in milliseconds since the start; the last time, where it was reached twice. */
export function retryMoments(samples: readonly ThroughputPoint[], retried: readonly ByteRange[]): readonly number[] {
  const moments = retried.map(({ start }) => samples.findLast(([, bytes]) => bytes <= start)?.[0]);
  return [...new Set(moments.filter((moment) => moment !== undefined))];
}

/** Between two points the device is taken to have gone on evenly. */
function acknowledgedAt(samples: readonly ThroughputPoint[], at: number): number {
  const next = samples.findIndex(([elapsed]) => elapsed >= at);
  const after = samples[next];
  const before = samples[next - 1];
  if (after === undefined) return samples.at(-1)?.[1] ?? 0;
  if (before === undefined) return after[1];
  const share = after[0] === before[0] ? 1 : (at - before[0]) / (after[0] - before[0]);
  return before[1] + (after[1] - before[1]) * share;
}
