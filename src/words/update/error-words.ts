/** What each error means, and what to do about it, in words. */
import { type Dialect, traitsOf } from '../../model/device/dialect.ts';
import type { UpdateErrorCode } from '../../model/update/error-codes.ts';
import { NEXT_OFF_BOARD, WHY_OFF_BOARD } from './off-board-errors.ts';
import { asReadOn, type Surface } from './surface.ts';

/** On a phone, what is longer than `FITS` (ui/device/card-status.ts) stands below the buttons. */
export const WHY: Readonly<Record<UpdateErrorCode, string>> = {
  ...WHY_OFF_BOARD,
  aborted: 'The request was stopped.',
  unreachable: 'No answer came: the device is off, out of range, or can’t be reached from here.',
  silent: 'The device took the request and then stopped answering.',
  garbled: 'The device’s answer doesn’t fit the request.',
  'unknown-format': 'The device’s answer has a form that Moult doesn’t know.',
  'web-page':
    'A web page answers where the device should: the address leads to something else, or the network needs a sign-in.',
  unreadable: 'The device answers, but doesn’t let this page read its answers.',
  busy: 'The device is busy.',
  'device-fault': 'A fault was reported, by the device or on the way to it.',
  'body-too-large': 'The device can’t take that much at once.',
  conflict: 'The device’s count differs from what was sent.',
  'not-finalized': 'The device has every byte, but hasn’t finished the update.',
  'not-counted': 'An answer was lost, and this device doesn’t report how much it has.',
  'hash-mismatch': 'The device computed a different hash.',
  'bad-request': 'The device refused the request.',
  unauthorised: 'The device refused the token.',
  forbidden: 'The device doesn’t accept requests from this page.',
  'no-route': 'The device answers, but takes no updates there: they are off, or use another path.',
  'wrong-host': 'The device doesn’t accept the name in its address.',
  unsupported: 'This device can’t update over the air.',
  'too-large': 'The firmware doesn’t fit the update slot.',
  'other-session': 'Another update is in progress on this device.',
  'session-lost': 'The device dropped the update, so it has most likely restarted.',
  'session-spoilt': 'The device has other bytes than were sent: it took a part twice, or lost one.',
  'no-progress': 'Nothing got through in many tries.',
  'restarts-used-up': 'The upload broke off too often, and this device can only start from the beginning.',
  unconfirmed: 'The last step had no clear answer, and this device can’t report whether it took the firmware.',
  'not-marked-valid': 'It runs, but could not be marked valid: at a restart, the device may go back to the old one.',
  'wrong-image': 'This file is not for this device.',
  'held-elsewhere': 'Another tab is updating this device.',
};

/** With marks (`surface.ts`). */
const NEXT: Readonly<Record<UpdateErrorCode, string>> = {
  ...NEXT_OFF_BOARD,
  aborted: '{Again} for another try.',
  unreachable: 'Check its power, the network and the address.',
  silent: 'Check the device, then {again}.',
  garbled: 'Check that the address leads to a ViperHTTP device.',
  'unknown-format': 'Check its firmware: it may be newer than this app, or modified.',
  'web-page': 'Check the address, and that you are in the device’s network.',
  unreadable: 'Add this page to the device’s CORS list, or use the gateway of a LAN host.',
  busy: 'Wait a moment, then {again}.',
  'device-fault': 'Restart the device, then {again}.',
  'body-too-large': '{Again}: smaller parts are sent.',
  conflict: '{Again} to continue from the device’s count.',
  'not-finalized': '{Again} to finish it.',
  'not-counted': '{Again} to start over.',
  'hash-mismatch': 'Send the file again.',
  'bad-request': 'Check path and protocol{underEdit}.',
  unauthorised: 'Check the token{underEdit}: it must be the ota_token of the device.',
  forbidden: 'Add this page to the device’s CORS list.',
  'no-route': 'Check that the device runs with ota=True, and its address, path and protocol{underEdit}.',
  'wrong-host': 'Use an address that is on the device’s list of hosts.',
  unsupported: 'Install a partition table with two update slots by cable once.',
  'too-large': 'Build a smaller firmware, or install a table with larger slots by cable.',
  'other-session': 'Wait until it ends{orTakeOver}.',
  'session-lost': '{Again} to start over.',
  'session-spoilt': '{Again} to start over.',
  'no-progress': '{Again} when the device is in range.',
  'restarts-used-up': 'Move closer to the device or its access point, then {again}.',
  unconfirmed: 'Check the device; if it runs the old firmware, {again}.',
  'not-marked-valid': '{Again} to mark it again.',
  'wrong-image': 'Choose another file.',
  'held-elsewhere': 'Finish or cancel it there.',
};

/** What to do about it. */
export function nextOf(code: UpdateErrorCode, surface: Surface): string {
  return asReadOn(surface, NEXT[code]);
}

/**
 * What an error means for a device of this dialect. Only where the device's own time limit ends sessions may a lost one
 * have timed out.
 */
export function meaning(code: UpdateErrorCode, dialect: Dialect | null): string {
  return code === 'session-lost' && runsOut(dialect)
    ? 'The device dropped the update: it restarted, or the update timed out.'
    : WHY[code];
}

/** Whether its sessions end by the device's own time limit alone. */
export function runsOut(dialect: Dialect | null): boolean {
  return traitsOf(dialect)?.sessionEndsBy === 'timeout';
}
