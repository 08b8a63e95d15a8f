/** What running updates on the host asks of whoever owns the updates, and the other way round. */
import type { Device } from '../../model/device/device.ts';
import type { JobPlan } from '../../model/jobs/job.ts';
import type { Outcome, UpdateState } from '../../model/update/update-state.ts';
import type { UpdateControls } from '../../update/controls.ts';
import type { Firmware } from '../firmware/chosen.ts';
import type { SentFirmware } from './sent-firmware.ts';
import type { StartOptions } from './start-options.ts';

/** An update that the host runs, as this page follows it. */
export interface HostRun {
  readonly firmware: SentFirmware;
  /** What the buttons of this page do becomes orders; what other pages order shows in it. */
  readonly controls: UpdateControls;
  /** Its line in the history: the same in every page that follows it. */
  readonly entryId: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Ends without an outcome where it stands still on the host, or is known there no more. */
  readonly states: AsyncIterable<UpdateState>;
  /** When it ended, milliseconds since 1970; null while it has not. */
  endedAt(): number | null;
  /** The page draws it no longer as running. `end`: that is in the history now; null: there was none. */
  over(end: Outcome | null): void;
}

/** What became of a start. `here`: the host does not do it, which was said; the page does. `left`: nothing runs, which was said. */
export type HostStart = HostRun | 'here' | 'left';

export interface HostStartPlan {
  readonly device: Device;
  readonly firmware: Firmware;
  readonly plan: JobPlan;
  readonly controls: UpdateControls;
  /** Told how many bytes of the file are on their way to the host; nothing where it has the file. */
  readonly onSent: (bytes: number) => void;
}

export interface HostRuns {
  /** Whether updates of this device run on the host, as far as is known before it was asked. */
  wants(device: Device): boolean;
  /** Hands the file over, and a job. */
  start(asked: HostStartPlan): Promise<HostStart>;
  /** Whether it came to nothing since the host does not reach the device, which the page may; that is said then. */
  fallsBack(device: Device, end: Outcome): Promise<boolean>;
  /** Starts a job again that has ended, or stands still, or says why not; false where a new one is needed for it. */
  again(
    deviceId: string,
    options: Pick<StartOptions, 'takeOver' | 'overruled' | 'beginAgain' | 'restartFirst'>,
  ): Promise<boolean>;
  /** The host knows it no longer. The device is left as it is. */
  forget(deviceId: string): Promise<void>;
  /** Offers what can go on, where nothing else is shown of the device any more. */
  offerAgain(deviceId: string): Promise<void>;
}
