/** What is said around what the doctor found. */
import type { Remedy } from '../../../model/device/diagnosis.ts';

export const FINDING_OUT = 'Finding out why…';
export const BROWSER_ASKS = 'The browser is asking for permission. Nothing is sent until you answer.';
export const PAIRING_MAY_HELP = 'The host of this page may reach it once this browser is paired. See “More”.';
export const HOST_MAY_REACH_IT = 'The host of this page may reach it once this browser is paired.';
export const HOW_TO_PAIR_THIS = 'How to pair this browser';
export const USE_THE_GATEWAY = 'Use the gateway';

/** What the text to copy is for. */
export const LINES_FOR_DEVICE = 'Lines for the device';

/** What a remedy's text to copy is, or where it goes. */
export function copiedText(kind: Extract<Remedy['kind'], `copy-${string}` | 'run-host'>): string {
  switch (kind) {
    case 'copy-cors-lines':
    case 'copy-host-lines':
    case 'copy-loop-lines':
    case 'copy-ota-lines':
      return LINES_FOR_DEVICE;
    case 'copy-policy':
      return 'Line for the policy';
    case 'run-host':
      return 'In the folder of Moult’s source, on a computer on the same network';
  }
}
