/** Why a file is not sent to a device: said beside the button that is off. */
import type { Misfit } from '../../model/firmware/misfit.ts';
import { findingInWords } from './findings.ts';

/** The file’s own reason is told once, with the file. */
const FILE_CANNOT_BE_SENT = 'The chosen file can’t be sent as it is. The reason is shown with the file.';
const NO_MICROPYTHON =
  'The chosen file shows no sign of MicroPython. Without it, the device no longer runs ViperHTTP and needs a cable.';
/** Short: how to change that is said with the device's answer (`ONLY_SLOT_RUNS`). */
const ONLY_SLOT = 'This device runs from its only update slot and can’t overwrite it. It takes updates by cable only.';

export function misfitInWords({ finding, of }: Misfit): string {
  if (of === 'file') return FILE_CANNOT_BE_SENT;
  if (finding.reason === 'no-micropython') return NO_MICROPYTHON;
  return finding.reason === 'only-slot-runs' ? ONLY_SLOT : findingInWords(finding);
}
