import type { DataTrouble, SystemReason } from '../../model/host/data-trouble.ts';
import { dataTroubleInWords } from '../../words/host/data-folder.ts';

/** A file of the host's own cannot be used or written. The message says which, what is wrong, and what to do. */
export class DataError extends Error {
  override readonly name = 'DataError';
  readonly trouble: DataTrouble;

  constructor(trouble: DataTrouble, options?: ErrorOptions) {
    super(dataTroubleInWords(trouble), options);
    this.trouble = trouble;
  }
}

/** Why the system refused. */
export function reasonOf(error: unknown): SystemReason {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  return { code, said: error instanceof Error ? error.message : String(error) };
}

/** Whether it says that there is no such file. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** No space is left, the account has used up its share of it, or a file would be larger than the system lets it be. */
const DISK_FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
/** Nothing can be written there, however much space is left. */
const NOT_WRITABLE: ReadonlySet<string> = new Set(['EROFS', 'EACCES', 'EPERM']);

/** Whether it says that a file does not fit. */
export function isDiskFull(error: unknown): boolean {
  return DISK_FULL.has(reasonOf(error).code);
}

/** Whether it says that this account may not write there, or nobody. */
export function isNotWritable(error: unknown): boolean {
  return NOT_WRITABLE.has(reasonOf(error).code);
}
