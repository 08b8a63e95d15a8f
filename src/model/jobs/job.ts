/** An update that the host runs, as the host tells it and a page draws it. It holds neither token nor key. */
import type { Device } from '../device/device.ts';
import type { ReasonCode } from '../firmware/finding.ts';
import type { Outcome, UpdateState } from '../update/update-state.ts';

/** What the host needs of a saved device to speak to it. `name` is for people. */
export type JobDevice = Pick<
  Device,
  'name' | 'origin' | 'prefix' | 'protocol' | 'dialect' | 'tokenHeader' | 'chipId' | 'patienceMs'
>;

/** What was decided before the run, besides device and file: as `UpdatePlan` has it. */
export interface JobPlan {
  /** `false`: write and make bootable, but do not restart. */
  readonly restart: boolean;
  readonly overruled: readonly ReasonCode[];
  readonly takeOver: string | null;
  readonly beginAgain: boolean;
  /** As `UpdatePlan` has it; absent: no. */
  readonly restartFirst?: boolean;
}

/** The file, as the host has it and has looked into it. */
export interface JobFirmware {
  /** 64 lower-case hex digits. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  /** What the person calls it: "kitchen-2.1.bin". */
  readonly name: string;
  /** As the file states it; null where it states none. */
  readonly version: string | null;
  readonly project: string | null;
}

/**
 * Where a job stands.
 *
 * `waiting-for-token`: the host was restarted, and no longer has the device's secrets; the order `go-on` brings them.
 * `queued`: it starts by itself as soon as fewer others run. `paused`: the person paused it; what the device does
 * meanwhile is in `Job.update`. `offers-to-go-on`: the host ended while it ran. It starts with the order `go-on`, and
 * never by itself. `ended`: `Job.update` is the outcome, too. The orders `go-on`, `take-over` and `overrule` start it
 * again.
 */
export type JobStanding =
  | { readonly kind: 'waiting-for-token' }
  | { readonly kind: 'queued' }
  | { readonly kind: 'running' }
  | { readonly kind: 'paused' }
  | { readonly kind: 'offers-to-go-on' }
  | { readonly kind: 'ended'; readonly outcome: Outcome };

export type JobStandingKind = JobStanding['kind'];

export interface Job {
  /** 32 lower-case hex digits, made at random by whoever made the job. */
  readonly id: string;
  readonly device: JobDevice;
  readonly plan: JobPlan;
  readonly firmware: JobFirmware;
  readonly standing: JobStanding;
  /** The engine's last state: of this run or, after a restart of the host, of the run before; null before the first. */
  readonly update: UpdateState | null;
  /** Whether it goes on by itself after a restart of the host, where `keepsSecrets` or the device asks for none. */
  readonly goesOnByItself: boolean;
  /** Whether the device's secrets are kept, sealed, in the host's data folder. */
  readonly keepsSecrets: boolean;
  /** Who made it, as the browser names itself: "Chrome on Android"; or "this machine". */
  readonly by: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** When the engine started last, milliseconds since 1970; null before the first time. */
  readonly startedAt: number | null;
  /** When it ended last, milliseconds since 1970; null while it has not. */
  readonly endedAt: number | null;
}
