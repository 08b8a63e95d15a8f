/** What becomes of a list in the data folder that cannot be read: it is put aside where it is damaged, and nothing stops. */
import { renameSync } from 'node:fs';
import { ValiError } from 'valibot';
import { DataError, reasonOf } from './data-error.ts';

/** Moves `file` out of the way, which could not be read for `why`; answers what to tell people. `meanwhile`: a sentence. */
export function setAside(file: string, why: unknown, meanwhile: string): DataError {
  // What the system does not let be read now may be whole.
  if (!(why instanceof SyntaxError || why instanceof ValiError))
    return new DataError(`${file} cannot be read: ${reasonOf(why)}. ${meanwhile}`);
  const reason = 'it is damaged';
  const aside = `${file}.damaged`;
  try {
    renameSync(file, aside);
  } catch (error) {
    return new DataError(`${file} cannot be read (${reason}), nor set aside (${reasonOf(error)}). ${meanwhile}`);
  }
  return new DataError(`${file} cannot be read (${reason}) and is now ${aside}. ${meanwhile}`);
}
