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
