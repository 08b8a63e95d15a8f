/** What the updates are made of. */
import type { UpdatePorts } from '../../model/update/plan.ts';
import type { ChecksState } from '../device/check/checks.ts';
import type { DevicesState } from '../device/devices.ts';
import type { FitsState } from '../device/fits.ts';
import type { FirmwareState } from '../firmware/firmware.ts';
import type { LibraryState } from '../firmware/library.ts';
import type { NoticesState } from '../notices.ts';
import type { QuestionsState } from '../questions.ts';
import type { HostRuns } from './host-runs.ts';
import type { Recorder } from './recorder.ts';
import type { LinkTo, LoadDescribe, RunUpdate } from '../tools.ts';
import type { Busy, DeviceLock } from '../../model/page/page-ports.ts';

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
