/** What is said of devices that are simulated. */

import { counted, plural } from '../kit/locale.ts';

/** The firmware that is sent to them, as a file. */
export const SAMPLE_NAME = 'sample-firmware.bin';

export const IN_TAB_NOTE =
  'Devices marked “simulated” exist only in this tab. They behave like real ones, and nothing sent to them leaves the page. Closing or reloading the tab removes them.';

export const REMOVE_SIMULATED = 'Remove the simulated devices';

export const ADD_SIMULATED = 'Add the simulated devices';

/** `ofHost`: how many the host runs; 0: they are made in this tab. */
export function tryItText(ofHost: number): string {
  return ofHost === 0
    ? 'Simulated devices run in this tab and end with it. They behave like real ones, and nothing can break: one takes every update, one loses its Wi-Fi halfway, one rolls back, and one rejects the file because its memory changed it.'
    : `This host runs ${counted(ofHost, 'simulated device', 'simulated devices')}. ${plural(ofHost, 'It behaves like a real one', 'They behave like real ones')}, and nothing can break.`;
}
