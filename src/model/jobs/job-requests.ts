/** What a page asks of the host about jobs (docs/host-jobs.md has the routes). */
import type { Secrets } from '../device/secrets/secrets.ts';
import type { FoundWhole } from '../device/whole-image-link.ts';
import type { UpdateError } from '../update/update-error.ts';
import type { ReasonCode } from '../firmware/finding.ts';
import type { JobDevice, JobPlan } from './job.ts';

/** Carries a job's key with every request about one job. */
export const JOB_KEY_HEADER = 'Moult-Job-Key';

/**
 * `POST /jobs`: a job for a firmware that the host has by now. The page makes `id` and `key` itself, so that a request
 * whose answer was lost can be sent again: a job of that id and key is answered as it stands, and nothing starts twice.
 */
export interface CreateJob {
  /** 32 lower-case hex digits, at random. */
  readonly id: string;
  /** 128 random bits as 22 letters of base64url. The host keeps a hash of it and shows it to nobody. */
  readonly key: string;
  readonly device: JobDevice;
  /** They stay in the host's memory, and go nowhere else unless `keepSecrets`. */
  readonly secrets: Secrets;
  readonly firmware: { readonly sha256: string; readonly name: string };
  readonly plan: JobPlan;
  readonly goOnByItself: boolean;
  readonly keepSecrets: boolean;
}

/**
 * `POST /jobs/identify`: asks a device that only a host can speak to what it is, as the known dialect, else as each.
 * Nothing of it is kept.
 */
export interface IdentifyDevice {
  readonly device: JobDevice;
  readonly secrets: Secrets;
}

/** `device` null: no such device. `failed`: why nothing was learned. */
export type Identified =
  | { readonly kind: 'found'; readonly device: FoundWhole | null }
  | ({ readonly kind: 'failed' } & Pick<UpdateError, 'code' | 'status' | 'said'>);

/**
 * `POST /jobs/<id>`: an order to one job. Those that start it bring the device's secrets where the host may have them no
 * longer; null leaves the host with what it has. An order that does not fit where the job stands is refused (`not-now`).
 */
export type JobOrder =
  /** While it runs. */
  | { readonly kind: 'pause' }
  /** While it is paused. */
  | { readonly kind: 'resume' }
  /** While it is queued, runs, or is paused; the device is told. */
  | { readonly kind: 'cancel' }
  /** While nothing runs: starts it from where it stands. `beginAgain`, `restartFirst`: as the plan has them. */
  | {
      readonly kind: 'go-on';
      readonly secrets: Secrets | null;
      readonly beginAgain: boolean;
      readonly restartFirst?: boolean;
    }
  /** After `other-session`. `session`: its id, as the outcome has it. */
  | { readonly kind: 'take-over'; readonly secrets: Secrets | null; readonly session: string }
  /** After `wrong-image` or `too-large` that may be overruled. `reason`: of that finding. */
  | { readonly kind: 'overrule'; readonly secrets: Secrets | null; readonly reason: ReasonCode }
  /** While nothing runs: has the host forget it. The device is left as it is. */
  | { readonly kind: 'forget' };

/** `POST /jobs/events`: which jobs are followed, and up to where each was seen. A rollout that is followed brings its jobs along. */
export interface FollowJobs {
  readonly jobs: readonly FollowedJob[];
  readonly rollouts?: readonly FollowedJob[];
}

export interface FollowedJob {
  readonly id: string;
  readonly key: string;
  /** The `id` of the last event that was seen of it; null for its state as it is. */
  readonly after: string | null;
}
