/** What is said where a file is chosen, and of the file that is. */
import type { InnerFile } from '../../model/firmware/inspection.ts';
import { bytesInWords } from '../kit/quantities.ts';
import { innerFileName } from './inner-file.ts';

export const WHAT_TO_SEND = 'What to send';
export const CHOOSE_A_FILE = 'Choose a firmware file';
export const CHOOSE_ANOTHER = 'Choose another firmware file';
export const CHANGE = 'Change';
/** The same, for people who hear it without what stands beside it. */
export const CHANGE_FILE = 'Change firmware file';
export const READING = 'Reading the file';
export const KEPT_FILES = 'Kept files';
export const INSIDE = 'Inside this file';
export const NOT_STATED = 'not stated';
export const SIZE = 'Size';
export const NOT_KEPT = 'Not kept: an update with it can’t continue after a reload.';
export const KEEP_IT = 'Keep it';

/** @param missed whether somebody wanted to send before anything was chosen */
export function choosingHint(missed: boolean): string {
  return `${missed ? 'No file is chosen yet. ' : ''}Choose the app’s .bin file, or drop it anywhere on the page.`;
}

export function readingText(size: number, percent: number): string {
  return `Reading ${bytesInWords(size)}, ${percent} %`;
}

/** What the button says that takes a file out of the chosen one. */
export function innerFileLabel(inner: InnerFile): string {
  const { how, size } = inner;
  const bytes = size === null ? '' : `, ${bytesInWords(size)}`;
  switch (how) {
    case 'partition':
      return `Use the app inside (${innerFileName(inner)}${bytes})`;
    case 'uf2-blocks':
    case 'gzip':
      return `Use the file inside${bytes === '' ? '' : ` (${bytes.slice(2)})`}`;
    case 'zip-entry':
      return `Use ${innerFileName(inner)}${bytes}`;
  }
}
