/** What the host tells of jobs: each event is one `data:` of a stream of server-sent events. */
import type { RolloutNews } from './host-rollout.ts';
import type { Job } from './job.ts';

/**
 * Each event of a job holds all there is to know, so that whoever missed some needs the last one only: a reader that is slow, or
 * comes back, gets each job as it is by then. `sequence` grows with every change of any job, and begins anew with each
 * start of the host, which `host` names.
 */
export type JobEvent =
  /** The job as it is now. */
  | { readonly kind: 'job'; readonly host: string; readonly sequence: number; readonly job: Job }
  /** What has changed of a rollout since the event of it that was seen last; what its jobs do comes before it. */
  | { readonly kind: 'rollout'; readonly host: string; readonly sequence: number; readonly rollout: RolloutNews }
  /** Somebody had it forgotten, or there is none of that id and key. It is told no more of. */
  | { readonly kind: 'gone'; readonly host: string; readonly sequence: number; readonly id: string };

/** The `id:` of an event, and what `FollowedJob.after` takes. */
export function eventId({ host, sequence }: Pick<JobEvent, 'host' | 'sequence'>): string {
  return `${host}-${sequence}`;
}

/** The sequence number in `id`, where it is of the host's present start; null else: then nothing of it was seen. */
export function sequenceIn(id: string | null, host: string): number | null {
  const [of, number = ''] = (id ?? '').split('-');
  return of === host && /^\d{1,15}$/.test(number) ? Number(number) : null;
}
