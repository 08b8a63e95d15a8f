/** What a page asks of the host about rollouts (docs/host-jobs.md has the routes). */
import type { Secrets } from '../device/secrets/secrets.ts';
import type { RolloutOptions } from '../rollout/rollout-record.ts';
import type { RolloutMember } from './host-rollout.ts';
import type { CreateJob } from './job-requests.ts';

/** `secrets`: null where whoever makes the rollout cannot open them; such a device is skipped. */
export interface NewRolloutMember extends RolloutMember {
  readonly secrets: Secrets | null;
}

/** `POST /rollouts`: a rollout of a firmware that the host has by now. `id` and `key` as `CreateJob` has them. */
export interface CreateRollout extends Pick<CreateJob, 'id' | 'key' | 'firmware' | 'goOnByItself' | 'keepSecrets'> {
  /** In the order that they are to be updated. */
  readonly devices: readonly NewRolloutMember[];
  readonly options: RolloutOptions;
  /** As `JobPlan` has it. */
  readonly restart: boolean;
  /** The person agreed to send a file without a sign of MicroPython. */
  readonly withoutMicroPython: boolean;
  /**
   * Nobody is there to be asked: a first wave that did not go well ends it, and an update that may be the only one over
   * the air is sent.
   */
  readonly unattended: boolean;
}

export interface MemberSecrets {
  readonly job: string;
  readonly secrets: Secrets;
}

/** `POST /rollouts/<id>`: an order to one rollout. One that does not fit where it stands is refused (`rollout-not-now`). */
export type RolloutOrder =
  /** While it runs: starts nothing new, and pauses the updates that run. */
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  /** Stops after the updates that run now; those that are paused go on to their end. */
  | { readonly kind: 'finish' }
  /** Cancels the updates that run, and starts nothing new. */
  | { readonly kind: 'cancel' }
  /** After a first wave that did not go well (`asking`). */
  | { readonly kind: 'answer'; readonly answer: 'go-on' | 'stop' }
  /** While it asks whether to send what may be the only update over the air. */
  | { readonly kind: 'agree'; readonly yes: boolean }
  /** After a restart of the host. Secrets that are brought take the place of those that the host has. */
  | { readonly kind: 'go-on'; readonly secrets: readonly MemberSecrets[] }
  /**
   * Once it has ended: sends the same file to those that failed, or to the rest. From then on the rollout is about
   * these alone.
   */
  | { readonly kind: 'again'; readonly which: 'failed' | 'rest'; readonly secrets: readonly MemberSecrets[] }
  /** While nothing runs: has the host forget it. Its jobs stay. */
  | { readonly kind: 'forget' };
