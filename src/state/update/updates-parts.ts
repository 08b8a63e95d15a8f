/** What updates are started with, and what they are made of. */
import type { ReasonCode } from '../../model/firmware/finding.ts';
import type { UpdatePorts } from '../../model/update/plan.ts';
import type { ChecksState } from '../device/checks.ts';
import type { DevicesState } from '../device/devices.ts';
import type { Firmware, FirmwareState } from '../firmware/firmware.ts';
import type { LibraryState } from '../firmware/library.ts';
import type { NoticesState } from '../notices.ts';
import type { QuestionsState } from '../questions.ts';
import type { Recorder } from './recorder.ts';
import type { LinkTo, LoadDescribe, RunUpdate } from '../tools.ts';
import type { Busy, DeviceLock } from '../../model/page/page-ports.ts';

export interface StartOptions {
  /** Send this firmware of the library; absent: the chosen one. */
  readonly sha256?: string;
  /** Send this one, which is in memory already: however many devices take it, there is one copy. */
  readonly firmware?: Firmware;
  /** Id of another's session to take over, which the person agreed to. */
  readonly takeOver?: string | null;
  /** Refusals that the person overruled. */
  readonly overruled?: readonly ReasonCode[];
  /** `false`: make it bootable and leave the restart to the person. */
  readonly restart?: boolean;
  /** The person has agreed to send a file without a sign of MicroPython; absent: they are asked, once a device. */
  readonly withoutMicroPython?: boolean;
  /** Begin from nothing where what an earlier update wrote is gone; absent: the person is asked. */
  readonly beginAgain?: boolean;
  /** See what became of what was handed over before, and send nothing. */
  readonly onlyLook?: boolean;
}

export interface UpdatesParts {
  readonly run: RunUpdate;
  readonly linkTo: LinkTo;
  readonly ports: Omit<UpdatePorts, 'open'>;
  readonly describe: LoadDescribe;
  readonly lock: DeviceLock;
  readonly busy: Busy;
  readonly devices: DevicesState;
  readonly firmware: FirmwareState;
  readonly library: LibraryState;
  readonly checks: ChecksState;
  /** Null where nobody asks what happened: on the page that a device serves itself. */
  readonly recorder: Recorder | null;
  readonly questions: QuestionsState;
  readonly notices: NoticesState;
  /** Milliseconds since 1970. */
  readonly today: () => number;
  /** Looks at devices whose update was at its very end in an earlier visit. Absent: the person has to press. */
  readonly lookBack?: (deviceIds: readonly string[]) => Promise<void>;
}
