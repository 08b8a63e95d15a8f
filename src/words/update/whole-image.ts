/** What is said of an update whose image goes whole: what the device told, what a half of it leaves, and why there is no pause. */
import type { ActiveState, ByIdentity, Leaves, Unproven } from '../../model/update/update-state.ts';
import { firmwareText } from '../device/identity.ts';

export const SENDING = 'Sending';
export const CHECKING = 'Checking the device';
export const IN_ONE_PIECE = 'This device takes a file in one piece, so the upload starts from the beginning again.';

/** Short enough for the two lines of a card. */
const NO_PAUSE = 'Can’t be paused: the file goes in one piece.';

export function sendingText({ pause }: Pick<ActiveState, 'pause'>): string {
  return pause === undefined ? '' : NO_PAUSE;
}

export function updatedText({ now }: ByIdentity, device: string): string {
  return `${device} restarted and runs ${firmwareText(now)} now, as the file said.`;
}

export function acceptedText({ now, why }: ByIdentity & { readonly why: Unproven }, device: string): string {
  const took = `${device} took the file and restarted. It reports ${firmwareText(now)}`;
  switch (why) {
    case 'same':
      return `${took}, the same version as before: nothing shows which of the two runs.`;
    case 'nothing-predicted':
      return `${took}. The file doesn’t say what it should report: check the device itself.`;
    case 'other':
      return `${took}, which is neither what it reported before nor what the file says: check the device itself.`;
    case 'no-restart-seen':
      return `${device} said that it took the file. It doesn’t report whether it has restarted: check the device itself.`;
  }
}

export function rolledBackText({ now }: ByIdentity, device: string): string {
  return `${device} restarted and reports ${firmwareText(now)}, as before: it still runs its old firmware. The new one did not start, or did not arrive as a whole. Send it again; if this repeats, check that it is built for this board.`;
}

/** What a half upload means for the next one. */
export function leavesText(leaves: Leaves): string {
  return leaves === 'nothing'
    ? ''
    : 'It keeps the part that it got until it restarts, and would add the next upload to it: let it restart before you send the file again.';
}

export function cancelledText(
  device: string,
  { begun, leaves }: { readonly begun: boolean; readonly leaves: Leaves },
): string {
  if (!begun) return `Nothing was sent to ${device}. It runs its old firmware.`;
  const half = leavesText(leaves);
  return half === ''
    ? `${device} runs its old firmware. The part that was sent is thrown away.`
    : `${device} runs its old firmware. ${half}`;
}

/** Cancelled when every byte had left. */
export function maybeTakenText(device: string): string {
  return `${device} may have the whole firmware, and may restart into it: what it runs is unknown. Check the device.`;
}
