/** What is said where devices are saved as a file, to be taken along to another browser. */
import type { ExportRefusal } from '../../model/page/backup.ts';
import { counted } from '../kit/locale.ts';

export const WHAT_IS_IN_IT =
  'Saves all devices and groups in one file, for another browser. Firmware files and the history are not included.';
export const WITH_TOKENS = 'Include the tokens, protected by a passphrase';
export const NO_TOKENS_HERE = 'This page isn’t encrypted, so the tokens can’t be included.';
export const SAVE_AS_FILE = 'Save as a file';
export const PASSPHRASE_HINT =
  'At least 8 characters. Without it, nobody can read the tokens in the file, not even you.';

export function savedText(devices: number, tokens: number): string {
  return `Saved ${counted(devices, 'device', 'devices')}, ${tokens === 0 ? 'without tokens' : `with ${counted(tokens, 'token', 'tokens')}`}.`;
}

const REFUSED: Readonly<Record<ExportRefusal, string>> = {
  locked: 'The tokens are locked, so no file was saved. Unlock them, or save without them.',
  'no-secure-context':
    'This page isn’t encrypted, so the browser can’t protect the tokens. Save without them, or open Moult over https.',
  'too-short': 'The passphrase needs at least 8 characters.',
};

export function exportRefusalText(why: ExportRefusal): string {
  return REFUSED[why];
}
