/** What the host tells of jobs: each event is one `data:` of a stream of server-sent events. */
import type { RolloutNews } from './host-rollout.ts';
import type { Job } from './job.ts';

/**
 * Each event of a job holds its whole state, so that a reader that is slow, or comes back, needs only the last one.
 * `sequence` grows with every change of any job, and begins again with each start of the host, which `host` names.
 */
export type JobEvent =
  /** The job as it is now. */
  | { readonly kind: 'job'; readonly host: string; readonly sequence: number; readonly job: Job }
  /** What has changed of a rollout since the reader's last event of it. The events of its jobs come before it. */
  | { readonly kind: 'rollout'; readonly host: string; readonly sequence: number; readonly rollout: RolloutNews }
  /** The host was told to forget it, or there is none of that id and key. No further event of it follows. */
  | { readonly kind: 'gone'; readonly host: string; readonly sequence: number; readonly id: string };

/** The `id:` of an event, and what `FollowedJob.after` takes. */
export function eventId({ host, sequence }: Pick<JobEvent, 'host' | 'sequence'>): string {
  return `${host}-${sequence}`;
}

/**
 * The sequence number in `id`, where it was made since the host's last start; else null, as if nothing had been seen.
 */
export function sequenceIn(id: string | null, host: string): number | null {
  const [of, number = ''] = (id ?? '').split('-');
  return of === host && /^\d{1,15}$/.test(number) ? Number(number) : null;
}
