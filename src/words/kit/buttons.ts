/** What buttons say that stand in more than one place. */
import { type Dialect, restartsOnRequest } from '../../model/device/dialect.ts';

export const ADD_DEVICE = 'Add device';
export const CANCEL = 'Cancel';
export const CLOSE = 'Close';
export const COPY_AS_LINK = 'Copy as a link';
export const EDIT = 'Edit';
/** Of what was left half done. */
export const DISCARD = 'Discard';
export const MORE = 'More';
export const PAUSE = 'Pause';
export const REMOVE = 'Remove';
export const REPORT_FOR_HELP = 'Report for help';
export const RESUME = 'Resume';
export const SAVE = 'Save';
export const SCAN_A_CODE = 'Scan a code';
/** The verb of the question, which the item of the menu leads to. */
export const SEND_ANYWAY = 'Send anyway';
export const RESTART_FIRST = 'Restart and update';
/** The same of a device that nobody can ask to restart: the person has done it. */
export const HAS_RESTARTED = 'It has restarted: update';
export const TAKE_OVER = 'Take over';
export const TO_DEVICES = 'Go to the devices';

/** Of a device that keeps half an upload. */
export function restartFirstLabel(dialect: Dialect | null): string {
  return restartsOnRequest(dialect) ? RESTART_FIRST : HAS_RESTARTED;
}
