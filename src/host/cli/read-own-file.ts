/** A small file that a person wrote, and whether others on this machine may have read it. */
import { open } from 'node:fs/promises';
import { reasonInWords } from '../../words/host/data-folder.ts';
import { reasonOf } from '../data/data-error.ts';

/** Read or write for the group or for everyone. */
const OPEN_TO_OTHERS = 0o066;

export type OwnFile =
  | { readonly kind: 'read'; readonly content: string; readonly openToOthers: boolean }
  | { readonly kind: 'too-large' }
  /** `said`: why, as the rest of a sentence. */
  | { readonly kind: 'not-read'; readonly said: string };

export async function readOwnFile(path: string, mostBytes: number): Promise<OwnFile> {
  try {
    const file = await open(path);
    try {
      // Of the very file that is read, so that nobody can put another one there in between.
      const { mode, size } = await file.stat();
      if (size > mostBytes) return { kind: 'too-large' };
      // Windows keeps its permissions elsewhere, and shows every file as open.
      const openToOthers = process.platform !== 'win32' && (mode & OPEN_TO_OTHERS) !== 0;
      return { kind: 'read', content: await file.readFile('utf8'), openToOthers };
    } finally {
      await file.close();
    }
  } catch (error) {
    return { kind: 'not-read', said: reasonInWords(reasonOf(error)) };
  }
}
