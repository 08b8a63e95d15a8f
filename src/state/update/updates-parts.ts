/** What updates are started with, and what they are made of. */
import type { ReasonCode } from '../../model/firmware/finding.ts';
import type { UpdatePorts } from '../../model/update/plan.ts';
import type { Outcome } from '../../model/update/update-state.ts';
import type { ChecksState } from '../device/check/checks.ts';
import type { DevicesState } from '../device/devices.ts';
import type { FitsState, Misfit } from '../device/fits.ts';
import type { FirmwareState } from '../firmware/firmware.ts';
import type { Firmware } from '../firmware/chosen.ts';
import type { LibraryState } from '../firmware/library.ts';
import type { NoticesState } from '../notices.ts';
import type { QuestionsState } from '../questions.ts';
import type { HostRuns } from './host-runs.ts';
import type { Recorder } from './recorder.ts';
import type { LinkTo, LoadDescribe, RunUpdate } from '../tools.ts';
import type { Busy, DeviceLock } from '../../model/page/page-ports.ts';

export interface StartOptions {
  /** Choose this firmware of the library, and send it; absent: the one that is on the screen. */
  readonly sha256?: string;
  /** Send this one, which is in memory already, and named on the screen of its rollout. */
  readonly firmware?: Firmware;
  /** Id of another's session to take over, which the person agreed to. */
  readonly takeOver?: string | null;
  /** Refusals that the person overruled. */
  readonly overruled?: readonly ReasonCode[];
  /** `false`: make it bootable and leave the restart to the person. */
  readonly restart?: boolean;
  /** The person has agreed to send a file without a sign of MicroPython to many devices. */
  readonly withoutMicroPython?: boolean;
  /** Goes on with what was begun: there may be nothing to send any more, so the device alone knows whether it fits. */
  readonly goesOn?: boolean;
  /** Begin from nothing where what an earlier update wrote is gone; absent: the person is asked. */
  readonly beginAgain?: boolean;
  /** Restart a device first that keeps a half upload: the person has agreed. */
  readonly restartFirst?: boolean;
  /** See what became of what was handed over before, and send nothing. */
  readonly onlyLook?: boolean;
}

/** What became of a start. `not-begun`: there was no file, the person left it, or it runs already. */
export type Started =
  | { readonly kind: 'ended'; readonly state: Outcome }
  /** Nothing was sent, and nothing is kept of it: the card says why where the file is chosen. */
  | { readonly kind: 'misfit'; readonly misfit: Misfit }
  /** Another tab is at the device of a rollout, which skips it: nothing was begun. */
  | { readonly kind: 'held-elsewhere' }
  | { readonly kind: 'not-begun' };

export interface UpdatesParts {
  readonly run: RunUpdate;
  readonly linkTo: LinkTo;
  readonly ports: Omit<UpdatePorts, 'open'>;
  readonly describe: LoadDescribe;
  readonly lock: DeviceLock;
  readonly busy: Busy;
  readonly devices: DevicesState;
  readonly firmware: FirmwareState;
  readonly fits: FitsState;
  readonly library: LibraryState;
  readonly checks: ChecksState;
  /** Null where nobody asks what happened: on the page that a device serves itself. */
  readonly recorder: Recorder | null;
  readonly questions: QuestionsState;
  readonly notices: NoticesState;
  /** Milliseconds since 1970. */
  readonly today: () => number;
  /** Runs updates on the page's host. Absent on the page that a device serves itself. */
  readonly host?: HostRuns;
  /** Looks at devices whose update was at its very end in an earlier visit. Absent: the person has to press. */
  readonly lookBack?: (deviceIds: readonly string[]) => Promise<void>;
}
