/** What is said where devices are saved as a file, to be taken along to another browser. */
import type { ExportRefusal } from '../../model/page/backup.ts';
import { counted } from '../kit/locale.ts';

export const WHAT_IS_IN_IT =
  'All devices and their groups as one file, to carry to another browser. Files that were sent and the history are not in it.';
export const WITH_TOKENS = 'With the tokens, under a passphrase';
export const NO_TOKENS_HERE = 'This page is not encrypted, so tokens cannot be sealed and stay out of the file.';
export const SAVE_AS_FILE = 'Save as a file';
export const PASSPHRASE_HINT =
  'At least 8 characters. Without it nobody can read the tokens in the file, and nor can you.';

export function savedText(devices: number, tokens: number): string {
  return `Saved ${counted(devices, 'device', 'devices')}, ${tokens === 0 ? 'without tokens' : `with ${counted(tokens, 'token', 'tokens')}`}.`;
}

const REFUSED: Readonly<Record<ExportRefusal, string>> = {
  locked: 'The tokens are locked, and no file was made. Unlock them, or save without them.',
  'no-secure-context':
    'This page is not encrypted, so the browser cannot seal the tokens. Save without them, or open Moult over https.',
  'too-short': 'The passphrase needs at least 8 characters.',
};

export function exportRefusalText(why: ExportRefusal): string {
  return REFUSED[why];
}
