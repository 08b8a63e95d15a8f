/** What becomes of a list in the data folder that cannot be read: it is put aside where it is damaged, and nothing stops. */
import { renameSync } from 'node:fs';
import { ValiError } from 'valibot';
import type { KeptList } from '../../model/host/data-trouble.ts';
import { DataError, reasonOf } from './data-error.ts';

/** Moves `file` out of the way, which could not be read for `why`; answers what to tell people. */
export function setAside(list: KeptList, file: string, why: unknown): DataError {
  // What the system does not let be read now may be whole.
  if (!(why instanceof SyntaxError || why instanceof ValiError))
    return new DataError({ kind: 'list-not-read', list, file, reason: reasonOf(why) });
  const aside = `${file}.damaged`;
  try {
    renameSync(file, aside);
  } catch (error) {
    return new DataError({ kind: 'damaged-list-not-moved', list, file, reason: reasonOf(error) });
  }
  return new DataError({ kind: 'damaged-list-moved', list, file, aside });
}
