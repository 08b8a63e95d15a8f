/** What is wrong with a file of the host's own, in words. */

/** A file of the host's own cannot be used or written. The message says which, what is wrong, and the way out. */
export class DataError extends Error {
  override readonly name = 'DataError';
}

const WORDS: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'this account may not'],
  ['EPERM', 'this account may not'],
  ['EROFS', 'the disk is read-only'],
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'this account has used up its share of the disk'],
  ['EISDIR', 'it is a folder'],
  ['EEXIST', 'there is a file of that name'],
  ['ENOTDIR', 'one of its folders is a file'],
  ['EIO', 'the disk fails'],
]);

/** Why the system refused, as the rest of a sentence; its own words where there are no better ones. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  return WORDS.get(code) ?? (error instanceof Error ? error.message : String(error));
}

/** Whether it says that there is no such file. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
