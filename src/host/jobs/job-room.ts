/** How many jobs there may be, and which one makes room for another. Pure. */
import type { Entry } from './job-list.ts';

/** How many of this client's jobs have not ended. Those of rollouts are bounded by these. */
export function openJobsOf(owner: string, entries: Iterable<Entry>): number {
  let open = 0;
  for (const { record } of entries) {
    if (record.owner === owner && record.rollout === null && record.job.standing.kind !== 'ended') open += 1;
  }
  return open;
}

/** What ended longest ago; null where nothing has. */
export function longestEnded(entries: Iterable<Entry>): Entry | null {
  let oldest: Entry | null = null;
  for (const entry of entries) {
    const { endedAt, standing } = entry.record.job;
    if (standing.kind === 'ended' && (endedAt ?? 0) < (oldest?.record.job.endedAt ?? Infinity)) oldest = entry;
  }
  return oldest;
}
