/**
 * What the errors mean that nobody meets on the page that a device serves: they come from devices that take their image
 * whole, from a host, or from the way to the device. The others: `error-words.ts`.
 */
import type { UpdateErrorCode } from '../../model/update/error-codes.ts';
import { HAS_RESTARTED, RESTART_FIRST } from '../kit/buttons.ts';

export const WHY_OFF_BOARD = {
  'host-gone': 'The computer that runs Moult doesn’t answer, and the device is reached through it.',
  'no-restart-seen': 'The device said that it took the firmware, and then was not seen to restart.',
  locked: 'Updates are locked in the device’s own settings.',
  'other-subnet': 'The device takes updates only from its own network.',
  'half-left': 'An earlier upload stopped halfway. Until it restarts, the device would add the next one to that part.',
  'earlier-broke-off': 'The device refused an upload, perhaps because an earlier one had broken off.',
  'not-set-aside': 'The device didn’t restart into safeboot, which takes the update.',
  'stand-in-runs': 'The device restarted into safeboot, and not into the new firmware.',
  'restarts-itself': 'This device always restarts by itself after an upload.',
  'not-called-back': 'The device agreed to fetch the firmware, but its connection to the host never arrived.',
  'needs-host': 'This page doesn’t reach the device, and the gateway carries no whole file.',
  'not-allowed': 'The browser keeps this page from devices in your network.',
} as const satisfies Partial<Record<UpdateErrorCode, string>>;

/** With marks (`surface.ts`). */
export const NEXT_OFF_BOARD: Readonly<Record<keyof typeof WHY_OFF_BOARD, string>> = {
  'host-gone': 'Wake it or start Moult on it, then {again}.',
  'no-restart-seen': 'Restart it, and check what it runs.',
  locked: 'Unlock them there, then {again}.',
  'other-subnet': 'Join its network, or change that rule in its security settings.',
  'half-left': 'Unplug it for a moment and {again}{orRestartFirst}.',
  'earlier-broke-off': 'Send the file again.',
  'not-set-aside': 'Restart the device, then {again}.',
  'stand-in-runs': 'Check that the file is built for this board, then send one again.',
  'restarts-itself': 'Send it when the device may restart.',
  'not-called-back': 'Let the host’s firewall accept connections from the device, then {again}.',
  'needs-host': 'Let updates run on the host: choose that under “More”.',
  'not-allowed': 'Allow it, and the update continues.',
};

/** What these sentences have marks for, on the page (`surface.ts`). */
export const PAGE_OFF_BOARD = {
  orRestartFirst: `, or press “${RESTART_FIRST}”`,
  onceRestarted: `press “${HAS_RESTARTED}”`,
} as const;
