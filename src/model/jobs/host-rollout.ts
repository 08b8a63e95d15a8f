/** A rollout that the host runs: each of its updates is a job of the host. It holds neither token nor key. */
import type { RolloutOptions } from '../rollout/rollout-record.ts';
import type { RolloutLine, RolloutPhase, StoppedBecause } from '../rollout/rollout-state.ts';
import type { Job, JobDevice, JobFirmware, JobStandingKind } from './job.ts';

/** The most devices of one rollout. Its plan is then some 400 KiB. */
export const MOST_ROLLOUT_DEVICES = 1_024;

/** One device of a rollout. */
export interface RolloutMember {
  /**
   * Id of its job, and of its line: made at random by whoever made the rollout. The job exists once its turn has come.
   */
  readonly job: string;
  readonly device: JobDevice;
}

/**
 * Where a rollout stands.
 *
 * `waiting-for-token`: the host was restarted, and no longer has the devices' secrets; the order `go-on` brings them.
 * `offers-to-go-on`: the host ended while it ran. It starts with the order `go-on`, and never by itself. `ended`: the
 * order `again` starts it for what failed, or is still to come.
 */
export type RolloutStanding = Exclude<JobStandingKind, 'queued'>;

export interface HostRolloutFacts extends Pick<
  Job,
  'goesOnByItself' | 'keepsSecrets' | 'by' | 'createdAt' | 'startedAt' | 'endedAt'
> {
  /** 32 lower-case hex digits. */
  readonly id: string;
  readonly firmware: JobFirmware;
  readonly options: RolloutOptions;
  readonly standing: RolloutStanding;
  /** A person has stopped it: nothing new starts. */
  readonly finishing: boolean;
  readonly phase: RolloutPhase;
  /** How many may run at once just now. */
  readonly width: number;
  readonly stopped: StoppedBecause | null;
  /** Jobs of devices of which this may be the only update over the air: it waits for the order `agree`. Else empty. */
  readonly asks: readonly string[];
}

/** By job, in the plan's order. */
export type RolloutLines = readonly (readonly [job: string, line: RolloutLine])[];

export interface HostRollout extends HostRolloutFacts {
  readonly devices: readonly RolloutMember[];
  /** Of every device. */
  readonly lines: RolloutLines;
}

/** What is new of a rollout, for whoever has seen it before. */
export interface RolloutNews extends HostRolloutFacts {
  /** The jobs of its devices, where they are no longer the same as before; null: the same. */
  readonly devices: readonly string[] | null;
  /** Of the devices whose line has changed. */
  readonly lines: RolloutLines;
}
