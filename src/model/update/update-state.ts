/** The one union that the whole app draws from: what an update is doing now, or how it ended. */
import type { Found } from '../firmware/finding.ts';
import type { Dialect } from '../device/dialect.ts';
import type { DeviceIdentity } from '../device/identity.ts';
import type { SessionReport } from '../device/link.ts';
import type { UpdateErrorCode } from './error-codes.ts';

/** A range of bytes of the image: [start, end). */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Counts what the device acknowledged, never what was sent, except for an image that goes whole: then `counts` says so.
 */
export interface Progress {
  readonly acknowledged: number;
  /**
   * `acknowledged` counts bytes that were handed to the connection, of which the device may have fewer until it has
   * answered. Absent: it counts what the device acknowledged.
   */
  readonly counts?: 'sent';
  readonly total: number;
  readonly inFlight: ByteRange | null;
  /** Flash block (erase unit) in bytes, as the device says, else 4096. */
  readonly blockSize: number;
  /** The slot that is written, where the device tells. */
  readonly slot: string | null;
  readonly capacityBytes: number | null;
  /** Ranges that needed more than one try, in order, merged. */
  readonly retried: readonly ByteRange[];
  readonly retries: number;
  /** The size of chunk that the device was seen to take in this run, in bytes; 0 before the first. */
  readonly chunkBytes: number;
  /** How often a documented session was started over. */
  readonly sessionRestarts: number;
  /** Acknowledged bytes per second, over the last seconds; null until it is known. */
  readonly bytesPerSecond: number | null;
  /** Null until it is stable. */
  readonly secondsLeft: number | null;
}

/** Why nothing is being sent just now. */
export type WaitReason = 'paused' | 'offline' | 'web-page' | 'device-session';

interface Running {
  readonly dialect: Dialect | null;
  readonly progress: Progress;
  /** Why progress went back to 0, until what was lost is acknowledged again; else null. */
  readonly startedOver: UpdateErrorCode | null;
  /** The device may take no other update over the air after this one. */
  readonly mayBeOnlyUpdate?: true;
  /** The device has room for one firmware, which the image goes over. */
  readonly overwrites?: true;
  /**
   * `impossible`: the image goes in one request, which cannot be paused. `refused`: so it does, and the person has
   * tried. Absent: it can be paused.
   */
  readonly pause?: 'impossible' | 'refused';
}

export type ActiveState =
  | (Running & { readonly phase: 'detecting' | 'checking' | 'beginning' | 'writing' | 'finalizing' | 'confirming' })
  | (Running & { readonly phase: 'waiting'; readonly why: WaitReason })
  | (Running & {
      readonly phase: 'retrying';
      readonly after: UpdateErrorCode;
      /** The tries since the last acknowledged byte, from 1. */
      readonly attempt: number;
      readonly delayMs: number;
    })
  | (Running & {
      readonly phase: 'restarting';
      readonly elapsedMs: number;
      readonly patienceMs: number;
      /** The new firmware runs, and may still go back by itself (`settlesMs`). */
      readonly settling?: true;
    });

/** Why an image must not go to this device. */
export interface Judged {
  readonly finding: Found;
  /** Whether the person may know better. */
  readonly canOverrule: boolean;
}

/**
 * Whether the firmware from before still runs on the device. `set-aside`: what takes an upload in its place runs, and the old
 * firmware may be overwritten.
 */
export type OldFirmware = 'runs' | 'unknown' | 'replaced' | 'set-aside';

interface Ended {
  readonly phase: 'ended';
  readonly dialect: Dialect | null;
  readonly progress: Progress;
  readonly durationMs: number;
}

/** What a device told of itself before the update and after its restart, where that is what shows its end. */
export interface ByIdentity {
  readonly by: 'identity';
  readonly before: DeviceIdentity;
  readonly now: DeviceIdentity;
}

/**
 * Why a device that took an image and restarted is not said to be updated. `same`: it tells the same as before, and so
 * does the file. `nothing-predicted`: the file says nothing that the device would tell. `other`: it tells neither what
 * it told before nor what the file says. `no-restart-seen`: it does not tell whether it has restarted. `was-away`: it
 * tells nothing of itself; it gave no answer for a while, and then answered again.
 */
export type Unproven = 'same' | 'nothing-predicted' | 'other' | 'no-restart-seen' | 'was-away';

/**
 * What a half upload leaves on the device. `nothing`: none was begun, or the device has thrown it away. `half`: it keeps
 * it until it is restarted, and would append the next upload to it.
 */
export type Leaves = 'nothing' | 'half';

export type Outcome =
  | (Ended & { readonly outcome: 'updated'; readonly by?: never; readonly slot: string; readonly markedValid: true })
  | (Ended & { readonly outcome: 'updated' } & ByIdentity)
  | (Ended & { readonly outcome: 'accepted'; readonly why: Unproven } & ByIdentity)
  | (Ended & {
      readonly outcome: 'accepted';
      readonly by?: never;
      /** Whether it named the hash of this very image; else it only said yes, and its session was gone afterwards. */
      readonly hashNamed: boolean;
    })
  | (Ended & { readonly outcome: 'staged'; readonly slot: string | null })
  /**
   * It restarted, and tells the same as before, where the file tells something else: it rolled back, or never started
   * the new image.
   */
  | (Ended & { readonly outcome: 'rolled-back' } & ByIdentity)
  | (Ended & {
      readonly outcome: 'rolled-back';
      readonly by?: never;
      /** What runs now. */
      readonly slot: string;
      /** Whether that is the slot that ran before; else it is a third one. */
      readonly isPrevious: boolean;
      /** Whether the bootloader was set to start the new one, so that it rolled back by itself. */
      readonly fellBack: boolean;
    })
  | (Ended & { readonly outcome: 'rejected'; readonly said: string | null; readonly oldFirmware: OldFirmware })
  | (Ended & { readonly outcome: 'not-seen-again'; readonly patienceMs: number })
  | (Ended & {
      readonly outcome: 'failed';
      readonly code: UpdateErrorCode;
      readonly during: ActiveState['phase'];
      readonly status: number | null;
      readonly said: string | null;
      /** How long the device asked to wait, in milliseconds, where it did. */
      readonly retryAfterMs: number | null;
      readonly oldFirmware: OldFirmware;
      /** Of an image that goes whole. */
      readonly leaves?: Leaves;
      /** Whether pressing Update again goes on from where the device is. */
      readonly resumable: boolean;
      /** The session that the device holds, where that is the reason (`other-session`). */
      readonly otherSession: SessionReport | null;
      /** Whether our session was open before that one: the device has most likely restarted since. */
      readonly restarted: boolean;
      /** What was found of the image, where that is the reason (`wrong-image`, `too-large`). */
      readonly judgement: Judged | null;
    })
  | (Ended & {
      readonly outcome: 'cancelled';
      /** Whether the device said that no session is open; null where it cannot tell or was not reached. */
      readonly deviceIdle: boolean | null;
      readonly oldFirmware: OldFirmware;
      /** Whether anything was begun on the device. */
      readonly begun: boolean;
      /** Of an image that goes whole. */
      readonly leaves?: Leaves;
    });

export type FailedUpdate = Extract<Outcome, { outcome: 'failed' }>;
export type UpdateState = ActiveState | Outcome;
export type OutcomeName = Outcome['outcome'];
