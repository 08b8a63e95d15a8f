/** What one run of an image that goes whole is made of. */
import type { WholeImageLink } from '../../model/device/whole-image-link.ts';
import type { JournalEntry } from '../../model/update/journal.ts';
import type { UpdatePlan, UpdatePorts } from '../../model/update/plan.ts';
import type { UpdateControls } from '../controls.ts';

export interface WholeRunParts {
  readonly plan: UpdatePlan;
  readonly ports: UpdatePorts;
  readonly controls: UpdateControls;
  readonly link: WholeImageLink;
  /** What an earlier run left on this device, of whatever image. */
  readonly left: JournalEntry | null;
  /** By the monotonic clock, in milliseconds. */
  readonly startedAt: number;
}
