/** What is said of devices that are simulated. */

/** The firmware that is sent to them, as a file. */
export const SAMPLE_NAME = 'sample-firmware.bin';

export const IN_TAB_NOTE =
  'The devices here that say “simulated” live in this tab only. They speak like real ones, and nothing that is sent to them leaves the page. They are gone when you close this tab or load it again.';

export const REMOVE_SIMULATED = 'Remove the simulated devices';

export const ADD_SIMULATED = 'Add the simulated devices';

/** `ofHost`: how many the host runs; 0: they are made in this tab. */
export function tryItText(ofHost: number): string {
  return ofHost === 0
    ? 'Simulated devices run in this tab, and end with it. They speak like real ones and break nothing: one takes every update, one loses its Wi-Fi in the middle, one goes back to what ran before, and one refuses what its memory made of the file.'
    : `This host runs ${ofHost} simulated devices. They speak like real ones and break nothing.`;
}
