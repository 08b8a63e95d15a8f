/** Why a file is not read, not taken out of another one, or not looked into. */
import type { Bound, NotTaken } from '../../model/firmware/taken-out.ts';
import { counted } from '../kit/locale.ts';
import { bytesInWords } from '../kit/quantities.ts';

export const TOO_LARGE_TO_READ =
  'This file is larger than the flash of any ESP32, so it was not read. Choose the app’s .bin file.';

/** `said`: in the words of the browser or the system, which name the cause best: moved, removed, no permission. */
export type Unreadable =
  { readonly kind: 'larger-than-flash' } | { readonly kind: 'unreadable'; readonly said: string };

export function unreadableInWords(not: Unreadable): string {
  return not.kind === 'larger-than-flash' ? TOO_LARGE_TO_READ : `The file could not be read: ${not.said}`;
}

export function notTakenInWords(not: NotTaken): string {
  switch (not.kind) {
    case 'too-large':
      return `It unpacks to more than ${bytesInWords(not.limitBytes)}, which is too large for firmware.`;
    case 'damaged':
      return 'It is damaged or incomplete. Download it again.';
    case 'encrypted':
      return 'It is password-protected. Unpack it first.';
    case 'unknown-method':
      return 'It is packed in a way that Moult can’t read. Unpack it first.';
    case 'absent':
      return 'It is no longer in this file.';
  }
}

/** For "…, not examined:". @param most how many levels and how many files are looked into */
export function boundInWords(bound: Bound, most: { readonly levels: number; readonly files: number }): string {
  switch (bound) {
    case 'levels':
      return `archives within archives are opened ${most.levels} deep.`;
    case 'files':
      return `no more than ${counted(most.files, 'file', 'files')} inside one can be examined. Unpack it first.`;
    case 'work':
      return 'examining the rest would take too long. Unpack it first.';
    case 'memory':
      return 'that would take too much memory. Unpack it first.';
  }
}
