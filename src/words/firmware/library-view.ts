/** What is said of the files that are kept: all of them, and each. */
import { counted } from '../kit/locale.ts';
import { dayInWords } from '../device/moments.ts';
import { bytesInWords } from '../kit/quantities.ts';

export const PINNED = 'Pinned: ';
export const CHOSEN = 'Chosen';
export const CHOOSE = 'Choose';
export const PIN = 'Pin';
export const RENAME = 'Rename';
export const OWN_NAME = 'Label';

export function libraryText(files: number, bytes: number): string {
  return files === 0
    ? 'Files you choose are kept here, and work without internet too.'
    : `${counted(files, 'file', 'files')}, ${bytesInWords(bytes)} in this browser.`;
}

export function noneFitsText(wanted: string): string {
  return `No kept file matches “${wanted}”.`;
}

/** Both in milliseconds since 1970. */
export function keptSince(added: number, now: number): string {
  return `kept ${dayInWords(added, now)}`;
}
