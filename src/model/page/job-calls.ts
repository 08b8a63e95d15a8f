/**
 * What the page asks of the host's jobs (docs/host-jobs.md), and what it keeps of them itself. `page/host/job-calls.ts`
 * implements it.
 */
import type { AgentOrder, AgentView } from '../agent/agent-view.ts';
import type { HostRollout } from '../jobs/host-rollout.ts';
import type { JobEvent } from '../jobs/job-events.ts';
import type { JobRefusal } from '../jobs/job-refusals.ts';
import type { CreateJob, FollowJobs, JobOrder } from '../jobs/job-requests.ts';
import type { Job } from '../jobs/job.ts';
import type { CreateRollout, RolloutOrder } from '../jobs/rollout-requests.ts';

/** Whoever has both may see the job, or the rollout, and send it orders. */
export type JobRef = Pick<CreateJob, 'id' | 'key'>;

/** Why the host did not do it. `no-answer`: it is out of reach, or something else answers in its place. */
export type JobTrouble = JobRefusal | { readonly kind: 'no-answer' };

export type JobAnswer<T> =
  { readonly kind: 'done'; readonly value: T } | { readonly kind: 'refused'; readonly why: JobTrouble };

export interface HandedFile {
  readonly sha256: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Called with how many bytes are on their way, whenever there are more. */
  readonly onSent: (bytes: number) => void;
}

/** Nothing here rejects, except with the reason of a signal that aborts. */
export interface JobCalls {
  /** Hands the file over, unless the host has it. */
  handOver(file: HandedFile, signal: AbortSignal): Promise<JobAnswer<null>>;
  create(asked: CreateJob, signal: AbortSignal): Promise<JobAnswer<Job>>;
  read(ref: JobRef): Promise<JobAnswer<Job>>;
  /** The job as it is then; null once it is forgotten. */
  order(ref: JobRef, order: JobOrder): Promise<JobAnswer<Job | null>>;
  createRollout(asked: CreateRollout, signal: AbortSignal): Promise<JobAnswer<HostRollout>>;
  readRollout(ref: JobRef): Promise<JobAnswer<HostRollout>>;
  /** The rollout as it is then; null once it is forgotten. */
  orderRollout(ref: JobRef, order: RolloutOrder): Promise<JobAnswer<HostRollout | null>>;
  /** The rollout server's agent in the host. An order is answered with the agent as it is then. */
  agent(signal: AbortSignal): Promise<JobAnswer<AgentView>>;
  orderAgent(order: AgentOrder): Promise<JobAnswer<AgentView>>;
  /**
   * Tells of jobs for as long as one stream lasts, beginning with an `open` once the host answers. It ends where the
   * stream breaks off, is silent for too long, or is refused.
   */
  events(asked: FollowJobs, signal: AbortSignal): AsyncIterable<JobEvent | { readonly kind: 'open' }>;
}

/** A job that this browser follows, at most one for each device; or the rollout that it follows. */
export interface KeptJob extends JobRef {
  /** `endedAt` of the end that the history already has; of a rollout, of the last of them. Null: it has none. */
  readonly toldAt: number | null;
}

/** Keeps the keys of jobs between visits, as tokens are kept. */
export interface JobKeys {
  read(deviceId: string): Promise<KeptJob | null>;
  write(deviceId: string, kept: KeptJob): Promise<void>;
  remove(deviceId: string): Promise<void>;
}

/** What a person chose about where updates run. */
export interface RunChoice {
  readonly where: 'host' | 'page';
  /** After a restart of the host an update goes on without asking, for which the host keeps the device's secrets. */
  readonly goesOnByItself: boolean;
}

/** Nothing here throws. */
export interface RunChoiceKept {
  read(): RunChoice;
  write(choice: RunChoice): void;
}
